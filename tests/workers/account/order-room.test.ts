import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreviewDto } from '#shared/protocol/orders.ts';
import type { OrderRecord, PlaceOrderCommand } from '../../../workers/account/contract.ts';
import { waitingOpeningsMax } from '../../../workers/account/order-room.ts';
import { triggerBookLimits } from '../../../workers/market/trigger-book.ts';
import { ApiTrader } from '../api/trader.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { base, e8, setPrice, untilPrice, Wallet } from './wallet.ts';

const market = () => env.MARKETS.getByName('SOL-PERP');

const inBook = <T>(body: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(market() as never, (_instance: unknown, state: DurableObjectState) => body(state.storage.sql));

/** Orders of strangers, far from any price, until the book holds so many. */
const fillBook = (total: number): Promise<unknown> =>
  inBook((sql) =>
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT (SELECT n FROM resting_count) + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO resting_orders (order_id, owner, version, direction, trigger_price, min_publish_time)
       SELECT 'stranger-' || i, 'stranger', 1, 'below', 1, 0 FROM n`,
      total,
    ),
  );

const emptyBook = (): Promise<unknown> =>
  inBook((sql) => sql.exec("DELETE FROM resting_orders WHERE order_id LIKE 'stranger-%'"));

const isInBook = (orderId: string): Promise<boolean> =>
  inBook((sql) => sql.exec('SELECT 1 AS one FROM resting_orders WHERE order_id = ?', orderId).toArray().length === 1);

const codeOf = (answer: { ok: boolean; error?: { code: string } }): string | null => answer.error?.code ?? null;
const low = { orderType: 'limit', price: e8(100n) } as const;

/** The book says that an order's price was reached though it was not: the order comes back. */
async function comeBack({ orderId, owner, version }: OrderRecord): Promise<'accepted' | 'stale'> {
  const { price } = await market().snapshot();
  const { price: reached, publishTime } = price ?? expect.fail('no price');
  return env.ACCOUNTS.getByName(owner).trigger({ orderId, version, price: reached, publishTime: Number(publishTime) });
}

describe('a market whose trigger book is full', { timeout: 60_000 }, () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(emptyBook);
  afterAll(resetHermes);

  it('refuses what would wait when it is placed, with TRADING_011, and takes what executes at once', async () => {
    await fillBook(triggerBookLimits.ordersMax);
    const answer = async (change: Partial<PlaceOrderCommand>) =>
      codeOf(await wallet.account.placeOrder(wallet.order(change)));
    expect(await answer(low)).toBe('TRADING_011');
    expect(await answer({ orderType: 'stop', stopPrice: e8(170n) })).toBe('TRADING_011');
    expect(await answer({ ...low, price: e8(160n) })).toBe('TRADING_011');
    const atOnce = await wallet.place({ orderType: 'limit', price: e8(160n), timeInForce: 'ioc', quantity: base(1n) });
    expect(await wallet.reached(atOnce.orderId, 'filled', 'rejected', 'cancelled')).toMatchObject({ stage: 'filled' });
    await emptyBook();
    expect(await answer(low)).toBeNull();
  });

  it('takes a reduce-only order all the same, and it is executed', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    await fillBook(triggerBookLimits.ordersMax);
    const stop = { orderType: 'stop', side: 'sell', stopPrice: e8(140n), quantity: base(2n) } as const;
    expect(codeOf(await wallet.account.placeOrder(wallet.order(stop)))).toBe('TRADING_011');
    const reducing = await wallet.place({ ...stop, reduceOnly: true });
    await until('it is in the book', () => isInBook(reducing.orderId));
    await setPrice('139');
    expect(await wallet.reached(reducing.orderId, 'filled', 'rejected')).toMatchObject({ stage: 'filled' });
  });

  it('takes the exits of an entry all the same, and they are executed', async () => {
    await fillBook(triggerBookLimits.ordersMax);
    const entry = await wallet.place({ quantity: base(2n), stopLoss: e8(140n) });
    await wallet.reached(entry.orderId, 'filled');
    await setPrice('139');
    await until('the stop-loss is executed', async () => (await wallet.account.state()).positions.length === 0);
  });

  it('ends an entry that comes back to it, and takes what only reduces back', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    const entry = await wallet.place(low);
    const reducing = await wallet.place({ orderType: 'limit', side: 'sell', price: e8(160n), reduceOnly: true });
    for (const { orderId } of [entry, reducing]) await until('it is in the book', () => isInBook(orderId));
    await fillBook(triggerBookLimits.ordersMax + 2);
    expect(await Promise.all([comeBack(entry), comeBack(reducing)])).toEqual(['accepted', 'accepted']);
    const ended = await wallet.reached(entry.orderId, 'rejected', 'filled');
    expect(ended.error?.code).toBe('TRADING_011');
    await until('it is in the book again', () => isInBook(reducing.orderId));
    await setPrice('161');
    expect(await wallet.reached(reducing.orderId, 'filled', 'rejected')).toMatchObject({ stage: 'filled' });
  });

  it('and that holds as many reduce-only ones too lets an exit wait its turn instead of giving it up', async () => {
    await fillBook(triggerBookLimits.withReduceOnlyMax);
    const entry = await wallet.place({ quantity: base(2n), stopLoss: e8(140n) });
    await wallet.reached(entry.orderId, 'filled');
    const { orders } = await wallet.account.listOrders({ status: 'pending', symbol: null, limit: 9, cursor: null });
    const stop = orders[0]?.orderId ?? expect.fail('no stop-loss');
    const tries = () =>
      runInDurableObject(wallet.account as never, (_instance: unknown, state: DurableObjectState) =>
        Number(
          state.storage.sql.exec("SELECT MAX(attempts) AS n FROM outbox WHERE topic = 'rest' AND key = ?", stop).one()[
            'n'
          ],
        ),
      );
    await until('it was refused twice', async () => (await tries()) > 1);
    expect((await wallet.account.getOrder(stop))?.stage).toBe('resting');
    await emptyBook();
    await until('it is in the book', () => isInBook(stop), 20_000);
    await setPrice('139');
    await until('it is executed', async () => (await wallet.account.state()).positions.length === 0);
  });
});

describe('orders that wait in one market', { timeout: 60_000 }, () => {
  it('without being reduce-only are at most 50 of an account, as its preview says too', async () => {
    const trader = await ApiTrader.open(1_000);
    const far = { order_type: 'limit', price: 10 };
    const warned = async (change: object) => {
      const body = { symbol: 'SOL-PERP', side: 'buy', quantity: 1, leverage: 10, ...change };
      const { warnings } = await trader.expect<PreviewDto>(200, 'POST', '/api/trading/preview', { body });
      return warnings.map(({ code }) => code);
    };
    expect(await warned(far)).toEqual([]);
    for (let i = 0; i < waitingOpeningsMax; i++) expect((await trader.place(far)).status).toBe(201);
    const refused = await trader.place(far);
    expect([refused.status, refused.body.code]).toEqual([422, 'TRADING_011']);
    expect(await warned(far)).toEqual(['TRADING_011']);
    for (const change of [{ ...far, symbol: 'BTC-PERP', price: 1_000 }, { order_type: 'market' }]) {
      expect(await warned(change)).toEqual([]);
      expect((await trader.place(change)).status).toBe(201);
    }
  });

  it('and are reduce-only are at most 50 more of an account, exits apart', async () => {
    const wallet = await Wallet.open(1_000n);
    const entry = await wallet.place({ quantity: base(2n), takeProfit: e8(100_000n), stopLoss: e8(1n) });
    await wallet.reached(entry.orderId, 'filled');
    const reducing = { orderType: 'limit', side: 'sell', price: e8(99_000n), reduceOnly: true } as const;
    for (let i = 0; i < waitingOpeningsMax; i++) await wallet.place(reducing);
    expect(codeOf(await wallet.account.placeOrder(wallet.order(reducing)))).toBe('TRADING_011');
    expect(codeOf(await wallet.account.placeOrder(wallet.order({ orderType: 'limit', price: e8(10n) })))).toBeNull();
  });
});

describe('an account with as many open orders as it may have', { timeout: 60_000 }, () => {
  it('still closes positions and adds margin, and nothing else', async () => {
    const wallet = await Wallet.open(1_000n);
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    const far = { orderType: 'limit', price: e8(10n), quantity: base(10n) } as const;
    const withExits = { ...far, takeProfit: e8(20n), stopLoss: e8(5n) };
    for (let i = 0; i < waitingOpeningsMax; i++)
      await Promise.all([
        wallet.place(withExits),
        wallet.place({ ...far, quantity: base(1n), symbol: 'BTC-PERP', price: e8(1_000n) }),
      ]);
    const { meta, userId } = wallet.order();
    const positionId = (await wallet.account.state()).positions[0]?.positionId ?? expect.fail('no position');
    const change = (amount: bigint) => wallet.account.changeMargin({ meta, userId, positionId, amount });
    expect(codeOf(await wallet.account.placeOrder(wallet.order()))).toBe('TRADING_011');
    expect(codeOf(await change(-1_000_000n))).toBe('TRADING_011');
    const added = await change(1_000_000n);
    const closing = { meta, userId, positionId, quantity: null, maxSlippageBps: null };
    const closed = await wallet.account.closePosition(closing);
    for (const answer of [added, closed]) {
      const { orderId } = answer.ok ? answer.value : expect.fail(JSON.stringify(answer.error));
      expect(await wallet.reached(orderId, 'filled', 'rejected')).toMatchObject({ stage: 'filled' });
    }
  });
});
