import { readFileSync } from 'node:fs';
import { ACCOUNT_SIZE, AccountLayout, TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { type Keypair, PublicKey, SystemProgram, type TransactionInstruction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { type Sent, eventOf } from '#support/program/chain.ts';
import { type Trader, USDC, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';
import { tokenBalance, writeTokenAccount } from '#support/program/tokens.ts';

/** Any program at all. */
const artifact = new URL('../../programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so', import.meta.url);
const window = 10_800;
const cap = 1_000n * USDC;
const floor = 100n * USDC;
const limits = { outflowCap: bn(cap), outflowWindowSeconds: window, outflowFloor: bn(floor) };
const exchange = exchangePerTest({ exchange: limits });
const outflow = () => exchange().chain.fetch('outflow', addresses.outflow);

async function send(instruction: Promise<TransactionInstruction>, ...signers: Keypair[]): Promise<Sent> {
  return exchange().send([await instruction], signers);
}

const key = (trader: Trader) => trader.wallet.publicKey;
const withdraw = (trader: Trader, amount: bigint) =>
  send(build.withdrawCollateral(key(trader), trader.tokens, amount), trader.wallet);
const queue = (trader: Trader, amount: bigint, payer = trader.wallet) =>
  send(
    build.queueWithdrawal(key(trader), payer.publicKey, amount),
    trader.wallet,
    ...(payer === trader.wallet ? [] : [payer]),
  );
const cancel = (trader: Trader) => send(build.cancelWithdrawal(key(trader)), trader.wallet);
const serve = (trader: Trader, rentPayer = key(trader)) =>
  send(build.executeWithdrawal(key(trader), exchange().mint, rentPayer));
const entry = (trader: Trader) => exchange().chain.data(addresses.withdrawal(key(trader)));
const destination = (trader: Trader) => build.withdrawalDestination(key(trader), exchange().mint);

/** A trader whose associated token account exists, and whose deposit is no room any more. */
async function trader(): Promise<Trader> {
  const made = await exchange().trader(10_000n * USDC);
  exchange().chain.advance(BigInt(window / 3));
  writeTokenAccount(exchange().chain, exchange().mint, key(made), 0n, destination(made));
  return made;
}

/** Nothing may leave any more but floors. */
async function useUp(): Promise<void> {
  must(await withdraw(await trader(), cap));
}

describe('the floor', () => {
  it('of an account may always be withdrawn, once in its window, whatever left and however many wait', async () => {
    const [waiting, small] = [await trader(), await trader()];
    await useUp();
    must(await queue(waiting, 5_000n * USDC));
    expect((await withdraw(small, floor + 1n)).error).toBe('OutflowExceeded');
    must(await withdraw(small, floor / 2n));
    must(await withdraw(small, floor / 2n));
    expect((await withdraw(small, 1n)).error).toBe('OutflowExceeded');
    exchange().chain.advance(BigInt(window) - 1n);
    expect((await withdraw(small, 1n)).error).toBe('OutflowExceeded');
    expect(outflow().queued).toBe(5_000n * USDC);
    exchange().chain.advance(1n);
    must(await withdraw(small, floor));
  });

  it('takes no room for what an account gained', async () => {
    const small = await trader();
    await exchange().chain.rewrite('userAccount', addresses.user(key(small)), (account) => {
      account.deposited = bn(0n);
    });
    await useUp();
    must(await withdraw(small, floor));
    expect(outflow().used).toBe(cap);
  });

  it('makes no room: accounts that bring money and take it out again leave a large one where it was', async () => {
    const large = await trader();
    await useUp();
    for (let turn = 0; turn < 5; turn += 1) {
      const small = await exchange().trader(floor);
      must(await withdraw(small, floor));
    }
    expect(outflow().used).toBe(cap);
    expect((await withdraw(large, floor + 1n)).error).toBe('OutflowExceeded');
  });
});

describe('the queue', () => {
  it('serves first come, first served, each in full, by anyone', async () => {
    const [first, second] = [await trader(), await trader()];
    await useUp();
    expect(eventOf(must(await queue(first, 1_500n * USDC)), 'withdrawalQueued')).toMatchObject({ ticket: 0n });
    must(await queue(second, 400n * USDC));
    expect((await queue(first, USDC)).error).not.toBeNull();
    expect((await serve(second)).error).toBe('NotFirstInQueue');
    expect((await serve(first)).error).toBe('OutflowExceeded');
    exchange().chain.advance(BigInt(window) * 2n);
    expect((await serve(second)).error).toBe('NotFirstInQueue');
    const part = eventOf(must(await serve(first)), 'withdrawalPaid');
    expect([part.amount, part.left]).toEqual([cap, 500n * USDC]);
    expect((await serve(first)).error).toBe('OutflowExceeded');
    exchange().chain.advance(BigInt(window) * 2n);
    must(await serve(first));
    expect(tokenBalance(exchange().chain, destination(first))).toBe(1_500n * USDC);
    expect(entry(first)).toBeUndefined();
    must(await serve(second));
    expect(outflow()).toMatchObject({ queued: 0n, headTicket: 2n, nextTicket: 2n });
  });

  it('has the first claim on room: nobody withdraws past it, others go on with what is beyond it', async () => {
    const [first, late] = [await trader(), await trader()];
    must(await queue(first, 700n * USDC));
    expect((await withdraw(late, 300n * USDC + 1n)).error).toBe('OutflowExceeded');
    must(await withdraw(late, 300n * USDC));
    must(await serve(first));
  });

  it('comes before redemptions: room that somebody waits for pays no provider of liquidity', async () => {
    const holder = await exchange().provide(500n * USDC);
    const waiting = await trader();
    await useUp();
    must(await queue(waiting, 5_000n * USDC));
    exchange().chain.advance(BigInt(window) * 2n);
    exchange().price(exchange().market, 10_000_000_000n);
    must(await send(build.requestRedeem(key(holder), 100n * USDC), holder.wallet));
    expect((await exchange().executePoolRequest(holder)).error).toBe('ZeroShares');
    expect(eventOf(must(await serve(waiting)), 'withdrawalPaid').amount).toBe(cap);
  });

  it('takes no zero and no more than is free', async () => {
    const made = await trader();
    expect((await queue(made, 0n)).error).toBe('ZeroAmount');
    expect((await queue(made, 10_000n * USDC + 1n)).error).toBe('InsufficientCollateral');
  });

  it('is not stalled by a cancelled entry, which waits empty for its turn and ends it without room', async () => {
    const [first, second] = [await trader(), await trader()];
    await useUp();
    must(await queue(first, 500n * USDC));
    must(await queue(second, 500n * USDC));
    const cancelled = eventOf(must(await cancel(first)), 'withdrawalCancelled');
    expect(cancelled.collateral).toBe(10_000n * USDC);
    expect((await cancel(first)).error).toBe('ZeroAmount');
    expect(eventOf(must(await serve(first)), 'withdrawalPaid')).toMatchObject({ amount: 0n, left: 0n });
    exchange().chain.advance(BigInt(window) * 2n);
    must(await serve(second));
    must(await queue(first, USDC));
  });

  it('is cancelled by its owner alone', async () => {
    const [first, other] = [await trader(), await trader()];
    must(await queue(first, 500n * USDC));
    const instruction = await build.cancelWithdrawal(key(first));
    const forged = instruction.keys[0];
    if (forged === undefined) throw new Error('the owner is the first account');
    forged.pubkey = key(other);
    expect(exchange().send([instruction], [other.wallet]).error).toBe('NotOwner');
  });

  /** What an owner, or whoever controls his token account, can do to it. */
  const broken: Readonly<Record<string, (owner: Trader) => void>> = {
    frozen: (owner) => rewriteTokens(owner, { state: 2 }),
    reassigned: (owner) => rewriteTokens(owner, { owner: PublicKey.unique() }),
    'of another token': (owner) => rewriteTokens(owner, { mint: PublicKey.unique() }),
    closed: (owner) => exchange().chain.setData(destination(owner), SystemProgram.programId, new Uint8Array(0), 0n),
    'not a token account': (owner) =>
      exchange().chain.setData(destination(owner), TOKEN_PROGRAM_ID, new Uint8Array(10)),
  };

  function rewriteTokens(owner: Trader, changes: Partial<ReturnType<typeof AccountLayout.decode>>): void {
    const data = exchange().chain.data(destination(owner));
    if (data === undefined) throw new Error('the trader has a token account');
    const written = Buffer.alloc(ACCOUNT_SIZE);
    AccountLayout.encode({ ...AccountLayout.decode(data), ...changes }, written);
    exchange().chain.setData(destination(owner), TOKEN_PROGRAM_ID, written);
  }

  it.each(Object.keys(broken))(
    'is not stalled by a token account that is %s: the rest is collateral again',
    async (how) => {
      const [first, second] = [await trader(), await trader()];
      must(await queue(first, 500n * USDC));
      must(await queue(second, 500n * USDC));
      broken[how]?.(first);
      const returned = eventOf(must(await serve(first)), 'withdrawalReturned');
      expect([returned.amount, returned.collateral]).toEqual([500n * USDC, 10_000n * USDC]);
      expect(entry(first)).toBeUndefined();
      must(await serve(second));
    },
  );

  it('is not stalled by a rent payer that became a program, whom nobody can pay', async () => {
    const [first, second] = [await trader(), await trader()];
    const payer = exchange().chain.wallet();
    must(await queue(first, 500n * USDC, payer));
    must(await queue(second, 500n * USDC));
    exchange().chain.vm.addProgram(payer.publicKey.toBase58(), readFileSync(artifact));
    must(await serve(first, payer.publicKey));
    must(await serve(second));
  });

  it('pays its owner’s associated account and nobody else’s, and gives the rent to who paid it', async () => {
    const first = await trader();
    const payer = exchange().chain.wallet();
    const lamports = () => exchange().chain.vm.account(payer.publicKey.toBase58())?.lamports;
    const before = lamports();
    must(await queue(first, 500n * USDC, payer));
    const instruction = await build.executeWithdrawal(key(first), exchange().mint, payer.publicKey);
    const other = await trader();
    for (const account of instruction.keys)
      if (account.pubkey.equals(destination(first))) account.pubkey = destination(other);
    expect(exchange().send([instruction], []).error).toBe('Anchor 2012');
    expect((await serve(first, key(other))).error).toBe('Anchor 2012');
    must(await serve(first, payer.publicKey));
    expect(lamports()).toBe(before);
  });
});

describe('the treasury', () => {
  const give = (amount: bigint) =>
    exchange().chain.rewrite('treasury', addresses.treasury, (state) => {
      state.balance = bn(amount);
    });
  const take = (amount: bigint, by = exchange().treasuryAuthority, to = exchange().holder().tokens) =>
    send(build.withdrawTreasury(by.publicKey, to, amount), by);

  /** What the treasury earned must lie in the vault too. */
  function intoVault(amount: bigint): void {
    const data = exchange().chain.data(addresses.vault);
    if (data === undefined) throw new Error('there is a vault');
    const written = Buffer.alloc(ACCOUNT_SIZE);
    const content = AccountLayout.decode(data);
    AccountLayout.encode({ ...content, amount: content.amount + amount }, written);
    exchange().chain.setData(addresses.vault, TOKEN_PROGRAM_ID, written);
  }

  it('gives its authority what it earned and not a unit more, to any account but the vault', async () => {
    await give(50n * USDC);
    intoVault(50n * USDC);
    const to = exchange().holder().tokens;
    const before = tokenBalance(exchange().chain, to);
    expect((await take(50n * USDC + 1n)).error).toBe('InsufficientTreasury');
    expect((await take(USDC, undefined, addresses.vault)).error).toBe('Anchor 2040');
    expect((await take(0n)).error).toBe('ZeroAmount');
    for (const other of [exchange().admin, exchange().riskManager, exchange().keeper])
      expect((await take(USDC, other)).error).toBe('NotTreasuryAuthority');
    const sent = must(await take(50n * USDC, undefined, to));
    expect(eventOf(sent, 'treasuryWithdrawn')).toMatchObject({ amount: 50n * USDC, balance: 0n });
    expect(tokenBalance(exchange().chain, to) - before).toBe(50n * USDC);
    expect((await take(1n)).error).toBe('InsufficientTreasury');
  });

  it('comes after those who wait, and never takes more than the room', async () => {
    await give(2_000n * USDC);
    intoVault(2_000n * USDC);
    must(await queue(await trader(), 700n * USDC));
    expect((await take(300n * USDC + 1n)).error).toBe('OutflowExceeded');
    must(await take(300n * USDC));
    expect((await take(1n)).error).toBe('OutflowExceeded');
  });
});

describe('insurance', () => {
  it('is funded by anyone', async () => {
    const donor = exchange().holder();
    const sent = must(await send(build.fundInsurance(donor.wallet.publicKey, donor.tokens, 7n * USDC), donor.wallet));
    expect(eventOf(sent, 'insuranceFunded')).toMatchObject({ amount: 7n * USDC, balance: 7n * USDC, insuranceSeq: 1n });
    expect((await send(build.fundInsurance(donor.wallet.publicKey, donor.tokens, 0n), donor.wallet)).error).toBe(
      'ZeroAmount',
    );
  });
});
