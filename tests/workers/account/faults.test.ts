import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { callPolicies } from '../../../workers/platform/call-policies.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { base, usdc, Wallet } from './wallet.ts';

/** Tells one of the stack's servers what to do to its clients. */
async function control(server: 'solana' | 'neon', command: Record<string, unknown>): Promise<void> {
  const response = await fetch(inject('stackControls')[server], {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!response.ok) throw new Error(`${server} refused: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
}

const size = async (wallet: Wallet): Promise<bigint> =>
  (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP')?.size ?? 0n;

const breakerPatienceMs = 60_000;

/** Lets an order's time run out, as a minute of outage would. */
const runOut = (wallet: Wallet, orderId: string): Promise<void> =>
  runInDurableObject(wallet.account as never, (_instance: unknown, state: DurableObjectState) => {
    state.storage.sql.exec(
      `UPDATE orders SET record = json_set(record, '$.submitByMs', 1) WHERE order_id = ?`,
      orderId,
    );
  });

const testTimeoutMs = 60_000;

describe('an order while a part is down', { timeout: testTimeoutMs }, () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await resetHermes();
    wallet = await Wallet.open(1_000n);
  });
  afterEach(async () => {
    await control('solana', { reset: true });
    await control('neon', { mode: 'ok' });
    // The breaker of the exchange lets nothing through for a while after an outage.
    const isReached = async (): Promise<boolean> => {
      try {
        await new Wallet().account.state();
        return true;
      } catch {
        return false;
      }
    };
    await until('the exchange reaches Solana', isReached, breakerPatienceMs);
  });

  it('has one effect when the answer to its sending is lost', async () => {
    await control('solana', { lose_answers: 1 });
    const order = await wallet.place({ quantity: base(2n) });
    expect((await wallet.reached(order.orderId, 'filled', 'rejected')).stage).toBe('filled');
    expect(await size(wallet)).toBe(base(2n));
  });

  it('is sent again with the same command number when its transaction never lands', async () => {
    await control('solana', { drop_transactions: 1 });
    const order = await wallet.place({ quantity: base(2n) });
    const filled = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(filled.stage).toBe('filled');
    expect(filled.attempts.map((attempt) => attempt.expectedSeq)).toEqual([0n, 0n]);
    expect(await size(wallet)).toBe(base(2n));
  });

  it('is executed once Solana answers again', async () => {
    await control('solana', { outage: 'error' });
    const order = await wallet.place({ quantity: base(2n) });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await wallet.account.getOrder(order.orderId))?.status).toBe('pending');
    await control('solana', { reset: true });
    expect((await wallet.reached(order.orderId, 'filled', 'rejected')).stage).toBe('filled');
    expect(await size(wallet)).toBe(base(2n));
  });

  it('is rejected without effect when Solana stays away longer than a market order lives', async () => {
    await control('solana', { outage: 'refuse' });
    const order = await wallet.place({ quantity: base(2n) });
    await runOut(wallet, order.orderId);
    const rejected = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(rejected.error?.code).toBe('CHAIN_001');
    await control('solana', { reset: true });
    await until('Solana answers', async () => (await size(wallet).catch(() => null)) === 0n);
  });

  it('is rejected with CHAIN_001 at its time, and not later, when Solana takes requests and answers none', async () => {
    await control('solana', { outage: 'hang' });
    const order = await wallet.place({ quantity: base(2n) });
    const lifeMs = 1_500;
    await runInDurableObject(wallet.account as never, (_instance: unknown, { storage }: DurableObjectState) => {
      const byMs = Date.now() + lifeMs;
      storage.sql.exec(`UPDATE orders SET record = json_set(record, '$.submitByMs', ?)`, byMs);
      storage.sql.exec(`UPDATE timers SET due_ms = ? WHERE kind = 'submit_by'`, byMs);
      return storage.setAlarm(byMs);
    });
    const startedMs = Date.now();
    const rejected = await wallet.reached(order.orderId, 'filled', 'rejected');
    expect(rejected).toMatchObject({ stage: 'rejected', error: { code: 'CHAIN_001' }, attempts: [] });
    // Sooner than the request it hangs on is given up.
    expect(Date.now() - startedMs).toBeLessThan(callPolicies.rpc.attemptTimeoutMs);
    await control('solana', { reset: true });
    await until('Solana answers', async () => (await size(wallet).catch(() => null)) === 0n);
  });

  it('waits for a price that may decide, and never takes an older one', async () => {
    await control('solana', { follow_prices: false });
    const order = await wallet.place({ quantity: base(1n) });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await wallet.account.getOrder(order.orderId))?.attempts).toEqual([]);
    await control('solana', { reset: true });
    expect((await wallet.reached(order.orderId, 'filled', 'rejected')).stage).toBe('filled');
  });

  it('is filled while the database is down, and written when it is back', async () => {
    await control('neon', { mode: 'refuse' });
    const order = await wallet.place({ quantity: base(1n) });
    expect((await wallet.reached(order.orderId, 'filled', 'rejected')).stage).toBe('filled');
    const waiting = () =>
      runInDurableObject(wallet.account as never, (_instance: unknown, state: DurableObjectState) =>
        Number(state.storage.sql.exec("SELECT COUNT(*) AS size FROM outbox WHERE topic = 'project'").one().size),
      );
    expect(await waiting()).toBeGreaterThan(0);
    await control('neon', { mode: 'ok' });
    await until('the order is written', async () => (await waiting()) === 0, breakerPatienceMs);
  });

  it('no trading account, no chain: the answer is CHAIN_001 and nothing is stored', async () => {
    await control('solana', { outage: 'refuse' });
    const stranger = new Wallet();
    const answer = await stranger.account.placeOrder(stranger.order({}, 'key'));
    expect(answer).toMatchObject({ ok: false, error: { code: 'CHAIN_001' } });
    expect(await stranger.account.getCommand('key')).toBeNull();
  });

  it('an event that went missing is made good from the chain', async () => {
    const { account } = wallet;
    const known = (await account.state()).account?.seq ?? 0n;
    const stray: IndexedEvent = {
      name: 'CollateralDeposited',
      data: { owner: wallet.address, amount: 1n, collateral: 999_999_999n },
      signature: 's',
      slot: 1,
      indexInTransaction: 0,
      blockTimeMs: Date.now(),
      streams: { account: { owner: wallet.address, seq: known + 5n } },
    };
    expect(await account.applyEvents([stray])).toEqual({ nextSeq: known + 1n });
    expect((await account.state()).account?.collateral).toBe(usdc(1_000n));
    await wallet.act({ action: 'withdraw', params: { amount: usdc(1n) as never } });
    await until('the account is current', async () => (await account.state()).account?.collateral === usdc(999n));
  });
});
