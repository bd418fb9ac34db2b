import { SystemProgram, type PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { USDC, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';
import { writeTokenAccount } from '#support/program/tokens.ts';

const exchange = exchangePerTest();
const notInitialized = 'Anchor 3012';
const wrongOwner = 'Anchor 3007';
const alreadyInUse = 'Anchor 0';

/** Keeps an account alive that was closed in the same transaction. */
const refund = (account: PublicKey) =>
  SystemProgram.transfer({
    fromPubkey: exchange().chain.feePayer.publicKey,
    toPubkey: account,
    lamports: 10_000_000,
  });

const change: build.ProposedChange = { insuranceTopup: { capPerHour: bn(USDC) } };

async function proposed(): Promise<PublicKey> {
  const { admin } = exchange();
  const propose = await build.proposeChange(admin.publicKey, admin.publicKey, 0n, change);
  must(exchange().send([propose], [admin]));
  return addresses.proposal(0n);
}

describe('a change that was executed', () => {
  it('is not executed again, although its account is given SOL in the same transaction', async () => {
    const key = await proposed();
    const execute = await build.executeChange(0n, exchange().admin.publicKey, change);
    expect(exchange().send([execute, execute], []).error).toBe(notInitialized);
    expect(exchange().send([execute, refund(key), execute], []).error).toBe(wrongOwner);
    must(exchange().send([execute, refund(key)], []));
    expect(exchange().send([execute], []).error).toBe(wrongOwner);
    const left = exchange().chain.vm.account(key.toBase58());
    expect([left?.owner, left?.data.length]).toEqual([SystemProgram.programId.toBase58(), 0]);
  });

  it('is not cancelled any more', async () => {
    const key = await proposed();
    const { admin } = exchange();
    const execute = await build.executeChange(0n, admin.publicKey, change);
    const cancel = await build.cancelChange(admin.publicKey, 0n, admin.publicKey);
    expect(exchange().send([execute, refund(key), cancel], [admin]).error).toBe(wrongOwner);
    expect(exchange().send([cancel, refund(key), execute], [admin]).error).toBe(wrongOwner);
  });
});

describe('a withdrawal that was paid', () => {
  it('is not paid again, although its account is given SOL in the same transaction, and the next one can be queued there', async () => {
    const trader = await exchange().trader(10n * USDC);
    const owner = trader.wallet.publicKey;
    const { mint, chain } = exchange();
    writeTokenAccount(chain, mint, owner, 0n, build.withdrawalDestination(owner, mint));
    const queue = await build.queueWithdrawal(owner, owner, USDC);
    must(exchange().send([queue], [trader.wallet]));
    expect(exchange().send([queue], [trader.wallet]).error).toBe(alreadyInUse);
    const execute = await build.executeWithdrawal(owner, mint, owner);
    const key = addresses.withdrawal(owner);
    expect(exchange().send([execute, execute], []).error).toBe(notInitialized);
    expect(exchange().send([execute, refund(key), execute], []).error).toBe(wrongOwner);
    must(exchange().send([execute, refund(key)], []));
    must(exchange().send([queue], [trader.wallet]));
    must(exchange().send([execute], []));
    expect(exchange().account(trader).collateral).toBe(8n * USDC);
  });
});

describe('what is created once', () => {
  it('is not created again: the exchange, an account, a position', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const { chain, market } = exchange();
    const owner = trader.wallet.publicKey;
    expect((await exchange().initialize()).error).toBe(alreadyInUse);
    const account = await build.openUserAccount(owner, owner);
    expect(exchange().send([account], [trader.wallet]).error).toBe(alreadyInUse);
    const position = await build.createPosition(owner, market.key, chain.feePayer.publicKey);
    expect(exchange().send([position], []).error).toBe(alreadyInUse);
  });

  it('and what was emptied stays: an account without collateral, a flat position keep their counters', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    must(await exchange().close(trader));
    const { collateral } = exchange().account(trader);
    const withdraw = await build.withdrawCollateral(trader.wallet.publicKey, trader.tokens, collateral);
    must(exchange().send([withdraw], [trader.wallet]));
    expect(exchange().position(trader).seq).toBe(2n);
    expect(exchange().account(trader).seq).toBeGreaterThan(0n);
  });
});
