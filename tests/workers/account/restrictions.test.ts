import { createDatabase } from '#db/client.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredOrder } from '../../../workers/account/order-machine.ts';
import { readSettings } from '../../../workers/env.ts';
import type { SwitchChange } from '../../../workers/market/contract.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

const switchOff = (operation: SwitchChange['operation'], off: boolean) =>
  env.MARKETS.getByName('SOL-PERP').setSwitch({ operation, off, by: 'operator', reason: 'a test' });

/** An exit that is held back leaves these pauses, in seconds of the price. */
const pausesSeconds = [2, 4, 8];

const codeOf = (answer: { ok: boolean; error?: { code: string } }): string => answer.error?.code ?? 'accepted';

const testTimeoutMs = 60_000;

describe('orders while operators hold a market back', { timeout: testTimeoutMs }, () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(async () => {
    await switchOff('open', false);
    await switchOff('close', false);
  });
  afterAll(resetHermes);

  it('that open are refused when placed and again when they would execute; those that reduce go on', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    const resting = await wallet.place({ orderType: 'limit', price: e8(145n) });
    await switchOff('open', true);
    expect(codeOf(await wallet.account.placeOrder(wallet.order()))).toBe('MARKET_005');
    const flip = wallet.order({ side: 'sell', quantity: base(3n) });
    expect(codeOf(await wallet.account.placeOrder(flip))).toBe('MARKET_005');
    await setPrice('144');
    expect(await wallet.reached(resting.orderId, 'rejected', 'filled')).toMatchObject({
      stage: 'rejected',
      error: { code: 'MARKET_005' },
    });
    const part = await wallet.place({ side: 'sell', quantity: base(1n) });
    expect((await wallet.reached(part.orderId, 'filled', 'rejected')).stage).toBe('filled');
  });

  it('that close are refused while closing is off, and a stop-loss waits in pauses that grow and executes when it is on again', async () => {
    const entry = await wallet.place({ quantity: base(2n), stopLoss: e8(145n) });
    await wallet.reached(entry.orderId, 'filled');
    await switchOff('close', true);
    const close = wallet.order({ side: 'sell', quantity: base(1n), reduceOnly: true });
    expect(codeOf(await wallet.account.placeOrder(close))).toBe('MARKET_005');
    const pending = { status: 'pending', symbol: null, limit: 9, cursor: null } as const;
    const waiting = async () => (await wallet.account.listOrders(pending)).orders as StoredOrder[];
    const [before = expect.fail('no stop-loss')] = await waiting();
    await setPrice('144');
    const looks = pausesSeconds.length;
    const orders = await until('the third look', async () => {
      const now = await waiting();
      return now.some(({ stage, timesHeldBack }) => stage === 'resting' && timesHeldBack >= looks) && now;
    });
    // Each look was at a price of the second that the one before left to it, or of a later one.
    const waitedSeconds = (orders[0]?.eligibleFrom ?? 0) - before.eligibleFrom;
    expect(waitedSeconds).toBeGreaterThanOrEqual(pausesSeconds.reduce((sum, seconds) => sum + seconds));
    expect(orders).toMatchObject([{ exitKind: 'stop_loss', attempts: [], timesHeldBack: looks }]);
    await switchOff('close', false);
    expect((await wallet.reached(orders[0]?.orderId ?? '', 'filled', 'rejected')).stage).toBe('filled');
  });

  it('a close that its trader had requested on chain is told to him as an alert, and ends his exits', async () => {
    const entry = await wallet.place({ quantity: base(2n), takeProfit: e8(160n), stopLoss: e8(140n) });
    await wallet.reached(entry.orderId, 'filled');
    await wallet.act({ action: 'request_close', params: { symbol: 'SOL-PERP' } });
    await until('closed', async () => (await wallet.account.state()).positions.length === 0);
    const { orders } = await wallet.account.listOrders({ status: null, symbol: null, limit: 9, cursor: null });
    const exits = orders.filter(({ parentOrderId }) => parentOrderId === entry.orderId);
    expect(exits.map(({ error }) => error?.code)).toEqual(['TRADING_027', 'TRADING_027']);
    const settings = readSettings(env);
    const database = createDatabase({
      databaseUrl: settings.DATABASE_URL,
      httpEndpoint: settings.DATABASE_HTTP_ENDPOINT,
    });
    const alert = await until('the alert is written', async () => {
      const { rows } = await createRiskAlertRepository(database).list(wallet.userId, {});
      return rows[0];
    });
    expect(alert).toMatchObject({ kind: 'closed_by_request', symbol: 'SOL-PERP' });
  });
});

describe('an order without a price of its own', () => {
  it.each([
    ['market', { orderType: 'market' }],
    ['limit that must execute at once', { orderType: 'limit', price: e8(170n), timeInForce: 'ioc' }],
  ] as const)('%s must be submitted within 30 s, one that may rest need not', async (_name, change) => {
    const wallet = await Wallet.open(1_000n);
    const placed = (await wallet.place(change)) as unknown as { submitByMs: number | null; createdAtMs: number };
    expect(placed.submitByMs).toBe(placed.createdAtMs + 30_000);
    const resting = (await wallet.place({ orderType: 'limit', price: e8(100n) })) as unknown as typeof placed;
    expect(resting.submitByMs).toBeNull();
  });
});
