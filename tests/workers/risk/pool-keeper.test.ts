import { env } from 'cloudflare:workers';
import type { TransactionInstruction } from '@solana/web3.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeFields } from '../../../workers/chain/accounts.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readPoolRequest } from '../../../workers/chain/pool-accounts.ts';
import { signTransaction } from '../../../workers/chain/transactions.ts';
import { readSettings } from '../../../workers/env.ts';
import { sleep } from '../../../workers/platform/clock.ts';
import { armFaults } from '../../../workers/platform/failpoint-faults.ts';
import { attendPoolRequest } from '../../../workers/risk/pool-keeper.ts';
import { settleDriftedMarkets } from '../../../workers/risk/settle-markets.ts';
import { keepUp } from '../../../workers/risk/upkeep.ts';
import { base, usdc, Wallet } from '../account/wallet.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';

const chain = chainOf(readSettings(env));
const confirmMsMax = 10_000;
const calm = () => Promise.resolve(false);

/** The holder's free shares; 0 without an account. */
async function shares(wallet: Wallet): Promise<bigint> {
  const account = await chain.rpc.getAccount(chain.addresses.lpAccount(wallet.keypair.publicKey).toBase58());
  if (account === null) return 0n;
  return decodeFields('LpAccount', chain.addresses.program.toBase58(), account).shares as bigint;
}

/** USDC in the wallet's own token account. */
async function balance(wallet: Wallet): Promise<bigint> {
  const account = await chain.rpc.getAccount(chain.addresses.usdcAccount(wallet.keypair.publicKey).toBase58());
  if (account === null) return 0n;
  const amountOffset = 64;
  return new DataView(account.data.buffer, account.data.byteOffset).getBigUint64(amountOffset, true);
}

const isPending = async (wallet: Wallet): Promise<boolean> =>
  (await readPoolRequest(chain, wallet.keypair.publicKey)).request !== null;

/** Sends as a wallet that has never heard of our API. */
async function send(wallet: Wallet, instruction: TransactionInstruction): Promise<void> {
  const signed = signTransaction([instruction], wallet.keypair, [], await chain.rpc.getLatestBlockhash());
  await chain.rpc.sendTransaction(signed.wire);
  expect((await chain.confirm(signed, confirmMsMax)).kind).toBe('landed');
}

describe('pool requests', () => {
  /** So that a market has open interest: it must be settled at a price of the window. */
  beforeAll(async () => {
    const trader = await Wallet.open(1_000n);
    await trader.reached((await trader.place({ quantity: base(1n) })).orderId, 'filled');
  });

  it('a deposit into the pool becomes shares by itself', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.act({ action: 'add_liquidity', params: { amount: usdc(500n) as never } });
    await until('shares', async () => (await shares(wallet)) > 0n);
    expect(await isPending(wallet)).toBe(false);
  });

  it('a redemption pays out by itself', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.act({ action: 'add_liquidity', params: { amount: usdc(500n) as never } });
    const held = await until('shares', async () => {
      const free = await shares(wallet);
      return free > 0n && free;
    });
    const before = await balance(wallet);
    await wallet.act({ action: 'remove_liquidity', params: { shares: held as never } });
    await until('the payout', async () => (await balance(wallet)) > before);
    expect((await balance(wallet)) - before).toBeGreaterThan(usdc(490n));
    expect(await shares(wallet)).toBe(0n);
    expect(await isPending(wallet)).toBe(false);
  });

  it('a deposit requested without the API becomes shares by itself too', async () => {
    const wallet = await Wallet.open(1_000n);
    const owner = wallet.keypair.publicKey;
    await send(wallet, chain.instructions.requestMint(owner, owner, usdc(500n)));
    // Nobody tells the account's object but the indexer, which runs once it was asked anything.
    await env.INDEXER.getByName('main').status();
    await until('shares', async () => (await shares(wallet)) > 0n);
  });

  it('waits for a price of the window, executes at the first one, and asks in vain no longer than an hour', async () => {
    const wallet = await Wallet.open(1_000n);
    const amount = usdc(500n);
    await controlHermes({ stale: true });
    try {
      // The window starts with a whole second: the one of the last price must be over.
      await sleep(1_100);
      await wallet.act({ action: 'add_liquidity', params: { amount: amount as never } });
      const { request } = await readPoolRequest(chain, wallet.keypair.publicKey);
      expect(request).toMatchObject({ kind: 'mint', amount });
      const fromMs = (request?.executableFrom ?? 0) * 1000;
      const before = await attendPoolRequest(chain, wallet.address, () => fromMs - 1, calm);
      expect(before).toMatchObject({ kind: 'wait', untilMs: fromMs });
      const within = await attendPoolRequest(chain, wallet.address, () => fromMs, calm);
      expect(within).toMatchObject({ kind: 'wait', why: 'a market has no price of the window yet' });
      const lapsed = await attendPoolRequest(chain, wallet.address, () => fromMs + 20_000, calm);
      expect(lapsed).toMatchObject({ kind: 'wait', why: 'it lapsed and is not released yet' });
      // The chain, whose clock is another one, does not release it yet: tried every half minute, for an hour.
      const releasedMs = fromMs + 72_000;
      const refused = await attendPoolRequest(chain, wallet.address, () => releasedMs, calm);
      expect(refused).toMatchObject({ kind: 'wait', untilMs: releasedMs + 30_000 });
      const givenUp = await attendPoolRequest(chain, wallet.address, () => releasedMs + 3_600_000, calm);
      expect(givenUp).toMatchObject({ kind: 'over' });
      expect(await isPending(wallet)).toBe(true);
    } finally {
      await resetHermes();
    }
    await until('shares', async () => (await shares(wallet)) > 0n);
  });

  it('waits while a market holds a position that is to be liquidated or closed', async () => {
    const wallet = await Wallet.open(1_000n);
    // The wallet's own object, which no position keeps waiting, stands aside meanwhile.
    armFaults([{ name: 'outbox.taken', action: 'throw', subject: `pool-request ${wallet.address}`, times: 1_000 }]);
    try {
      await send(
        wallet,
        chain.instructions.requestMint(wallet.keypair.publicKey, wallet.keypair.publicKey, usdc(500n)),
      );
      const urgent = () => Promise.resolve(true);
      await until('a price of the window', async () => {
        const attempt = await attendPoolRequest(chain, wallet.address, Date.now, urgent);
        expect(attempt.kind).toBe('wait');
        return attempt.kind === 'wait' && attempt.why === 'a position waits for its liquidation or close';
      });
      expect(await isPending(wallet)).toBe(true);
    } finally {
      armFaults([]);
    }
    await env.ACCOUNTS.getByName(wallet.address).attendPoolRequest();
    await until('shares', async () => (await shares(wallet)) > 0n);
  });

  it('a wallet without a request is left alone', async () => {
    const stranger = new Wallet();
    expect(await attendPoolRequest(chain, stranger.address, Date.now, calm)).toMatchObject({ kind: 'over' });
  });
});

describe('what anyone may do for positions', () => {
  it('is tried for those that are named, once each, and does no harm where there is nothing to do', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.reached((await wallet.place({ quantity: base(1n) })).orderId, 'filled');
    const before = (await chain.readTrader(wallet.address)).positions.get('SOL-PERP');
    const due = { settle: [wallet.address], pay: [wallet.address] };
    const nothing = { settle: [], pay: [] };
    const figures = await keepUp(chain, (symbol) => ({
      upkeepDue: () => Promise.resolve(symbol === 'SOL-PERP' ? due : nothing),
    }));
    expect(figures).toMatchObject({ 'SOL-PERP': { due: 2, landed: 0 }, 'BTC-PERP': { due: 0, landed: 0 } });
    expect((await chain.readTrader(wallet.address)).positions.get('SOL-PERP')).toEqual(before);
  });
});

describe('markets whose money has drifted', () => {
  it('are settled once, and not again until they drift again', async () => {
    const trader = await Wallet.open(9_000n);
    const order = await trader.place({ quantity: base(600n), leverageE2: 2_000 });
    await trader.reached(order.orderId, 'filled');
    expect(await settleDriftedMarkets(chain)).toMatchObject({ 'SOL-PERP': { kind: 'landed' } });
    const market = await chain.readMarket('SOL-PERP');
    expect(market).toMatchObject({ insuranceAccrued: 0n, treasuryAccrued: 0n });
    expect(await settleDriftedMarkets(chain)).not.toHaveProperty('SOL-PERP');
  });
});
