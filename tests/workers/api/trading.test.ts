import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';
import type { OrderDetailDto, OrderDto, PreviewDto } from '#shared/protocol/orders.ts';
import type { BalanceDto, PoolDto } from '#shared/protocol/portfolio.ts';
import type { PositionCostsDto, PositionDto, PositionHistoryDto } from '#shared/protocol/positions.ts';
import { until } from '../market/hermes-control.ts';
import { ApiTrader, type Plain } from './trader.ts';

let trader: ApiTrader;
beforeAll(async () => {
  trader = await ApiTrader.open(1_000);
});

const balanceOf = (who: ApiTrader) => who.expect<Plain<BalanceDto>>(200, 'GET', '/api/portfolio/balance');
const positionsOf = (who: ApiTrader) => who.expect<Plain<PositionDto>[]>(200, 'GET', '/api/trading/positions');

describe('a trader who uses nothing but the API', () => {
  it('opens at what the preview said, sees the position, closes a part, and finds it all in his history', async () => {
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 2, leverage: 20 };
    const preview = await trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body: order });
    expect(preview.warnings).toEqual([]);

    const placed = await trader.place({ quantity: 2, leverage: 20 }, 'open-1');
    expect(placed.status).toBe(201);
    const filled = placed.body;
    expect(filled).toMatchObject({ status: 'filled', filled_quantity: 2, side: 'buy', error: null });
    // The price moves on between the two; the costs follow from it by the same mathematics.
    expect(filled.fee / (filled.average_fill_price ?? 0)).toBeCloseTo(preview.fee / preview.fill_price, 6);

    const [position] = await positionsOf(trader);
    expect(position).toMatchObject({ id: filled.position_id, symbol: 'SOL-PERP', side: 'long', size: 2 });
    expect(position?.liquidation_price).toBeLessThan(position?.entry_price ?? 0);
    const balance = await balanceOf(trader);
    expect(balance.margin_used).toBe(position?.margin_used);
    expect(balance.total_balance).toBeCloseTo(
      balance.available_balance + balance.margin_used + balance.unrealized_pnl,
      5,
    );

    const closed = await trader.execute(`/api/trading/positions/${position?.id}/close`, { share: 0.25 });
    expect(closed).toMatchObject({ status: 'filled', side: 'sell', reduce_only: true, filled_quantity: 0.5 });
    expect((await positionsOf(trader))[0]?.size).toBe(1.5);

    const fills = await until('both fills are in the database', async () => {
      const rows = await trader.expect<Plain<FillDto>[]>(200, 'GET', '/api/trading/fills');
      return rows.length === 2 && rows;
    });
    expect(fills.map(({ order_id }) => order_id)).toEqual([closed.order_id, filled.order_id]);
    const sum = (of: 'fee' | 'impact' | 'borrow') => fills.reduce((total, fill) => total + fill[of], 0);
    const costs = await trader.expect<Plain<PositionCostsDto>[]>(200, 'GET', '/api/trading/positions/costs');
    expect(costs).toMatchObject([{ position_id: position?.id, symbol: 'SOL-PERP' }]);
    expect(costs[0]?.fees_paid).toBeCloseTo(sum('fee'), 6);
    expect(costs[0]?.impact_paid).toBeCloseTo(sum('impact'), 6);
    expect(costs[0]?.borrow_paid).toBeCloseTo(sum('borrow'), 6);
    expect(await (await ApiTrader.open(100)).expect(200, 'GET', '/api/trading/positions/costs')).toEqual([]);
    const path = `/api/trading/positions/${position?.id}/history`;
    const history = await trader.expect<Plain<PositionHistoryDto>[]>(200, 'GET', path);
    expect(history.map(({ action, size_change }) => [action, size_change])).toEqual([
      ['updated', -0.5],
      ['opened', 2],
    ]);
    const receipt = await trader.expect<ReceiptDto>(200, 'GET', `/api/trading/receipts/${filled.transaction_hash}`);
    expect(receipt.events[0]).toMatchObject({ name: 'PositionIncreased', symbol: 'SOL-PERP' });
    expect(receipt.events[0]?.publish_time).toBeGreaterThanOrEqual(filled.eligible_from ?? 0);
  });

  it('is told of an order that is too small what the least is, and of one that rounds to nothing that it does', async () => {
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market' };
    for (const [quantity, code, text] of [
      [0.001, 'TRADING_012', "below the market's minimum notional of 10 USD"],
      [0.000_000_01, 'TRADING_004', 'The quantity is too small'],
    ] as const) {
      const fresh = await ApiTrader.open(100);
      const body = { ...order, quantity };
      const refused = await fresh.expect<ErrorResponse>(422, 'POST', '/api/trading/orders', { body });
      const { warnings } = await fresh.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body });
      expect([refused.code, refused.message]).toEqual([code, expect.stringContaining(text)]);
      expect(warnings[0]).toEqual({ code, message: refused.message });
    }
  });

  it('sees a limit order that would rest at its price, and one that the price meets at the present one', async () => {
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'limit', quantity: 0.5, leverage: 10 };
    const preview = (change: object) =>
      trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body: { ...order, ...change } });
    const resting = await preview({ price: 50 });
    expect(resting).toMatchObject({ fill_price: 50, notional: 25, spread: 0, warnings: [] });
    expect(resting.oracle_price).toBeGreaterThan(50);
    expect((await preview({ price: 100_000 })).fill_price).toBeLessThan(100_000);
    const missed = await preview({ price: 50, time_in_force: 'ioc' });
    expect(missed.warnings.map(({ code }) => code)).toEqual(['TRADING_004']);
    expect((await preview({ price: 50, quantity: 5_000 })).warnings.map(({ code }) => code)).toEqual(['TRADING_002']);
  });

  it('has no withdrawal that waits', async () => {
    const waiting = await trader.expect<unknown>(200, 'GET', '/api/portfolio/withdrawal');
    expect(waiting).toEqual({ amount: null, ticket: null });
  });

  it('is told that a larger order against his position closes it and opens the rest, and what comes back', async () => {
    const [held] = await positionsOf(trader);
    const order = { symbol: 'SOL-PERP', side: 'sell', order_type: 'market', quantity: 4, leverage: 20 };
    const preview = await trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body: order });
    expect(preview).toMatchObject({ intent: 'flip', closes: 1.5, opens: 2.5, warnings: [] });
    expect(preview.position_after).toMatchObject({ side: 'short', size: 2.5, capped: false });
    expect(preview.margin_released).toBeLessThanOrEqual(held?.margin_used ?? 0);
    const body = { ...order, quantity: 4, reduce_only: true };
    const closing = await trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body });
    expect(closing).toMatchObject({ intent: 'close', closes: 1.5, opens: 0, position_after: null });
    const strict = await trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', {
      body: { ...order, max_slippage_bps: 0 },
    });
    expect(strict.warnings.map(({ code }) => code)).toEqual(['TRADING_004']);
  });

  it('gets the same answer for the same key and body, and has traded once', async () => {
    const before = (await positionsOf(trader))[0]?.size ?? 0;
    const [first, twin] = await Promise.all([
      trader.place({ quantity: 0.5 }, 'twice'),
      trader.place({ quantity: 0.5 }, 'twice'),
    ]);
    const answers = [first, twin].map(({ status, body }) => (status === 201 ? body.order_id : body.code));
    const again = await trader.place({ quantity: '0.50' }, 'twice');
    expect(again.status).toBe(201);
    expect([again.body.order_id, 'TRADING_010']).toEqual(expect.arrayContaining(answers));
    await until('it is filled', async () => (await positionsOf(trader))[0]?.size === before + 0.5);
    expect((await trader.place({ quantity: 0.6 }, 'twice')).body.code).toBe('TRADING_009');
    const command = await trader.expect<{ outcome: string; order: { order_id: string } }>(
      200,
      'GET',
      '/api/trading/commands/twice',
    );
    expect(command).toMatchObject({ outcome: 'done', order: { order_id: again.body.order_id } });
  });

  it('rests a limit order, finds it by his own id and cancels it once', async () => {
    const placed = await trader.place({
      side: 'sell',
      order_type: 'limit',
      quantity: 1,
      price: 100_000,
      reduce_only: true,
      client_order_id: 'far',
    });
    expect(placed.body).toMatchObject({ status: 'pending', price: 100_000, client_order_id: 'far' });
    const found = await trader.expect<Plain<OrderDto>[]>(200, 'GET', '/api/trading/orders?client_order_id=far');
    expect(found.map(({ order_id }) => order_id)).toEqual([placed.body.order_id]);
    expect((await trader.place({ client_order_id: 'far' })).body.code).toBe('TRADING_008');
    const path = `/api/trading/orders/${placed.body.order_id}`;
    expect(await trader.expect<Plain<OrderDto>>(200, 'DELETE', path)).toMatchObject({ status: 'cancelled' });
    const [filled] = await trader.expect<Plain<OrderDto>[]>(200, 'GET', '/api/trading/orders?status=filled');
    const late = await trader.call<ErrorResponse>('DELETE', `/api/trading/orders/${filled?.order_id}`);
    expect([late.status, late.body.code]).toEqual([409, 'TRADING_007']);
  });

  it('pages through his orders without missing or repeating one', async () => {
    const all = await trader.expect<Plain<OrderDto>[]>(200, 'GET', '/api/trading/orders');
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body, headers } = await trader.call<Plain<OrderDto>[]>('GET', `/api/trading/orders?limit=2${query}`);
      paged.push(...body.map(({ order_id }) => order_id));
      cursor = headers.get('x-next-cursor');
    }
    expect(paged).toEqual(all.map(({ order_id }) => order_id));
    for (const list of ['orders', 'fills', 'liquidations']) {
      const answer = await trader.call<ErrorResponse>('GET', `/api/trading/${list}?cursor=nonsense`);
      expect([list, answer.body.code]).toEqual([list, 'VALIDATION_001']);
    }
  });

  it('adds and removes margin', async () => {
    const [position] = await positionsOf(trader);
    const path = `/api/trading/positions/${position?.id}/margin`;
    const added = await trader.execute(path, { amount: 50 });
    expect(added).toMatchObject({ intent: 'add_margin', amount: 50, quantity: 0, status: 'filled' });
    expect((await positionsOf(trader))[0]?.margin_used).toBeCloseTo((position?.margin_used ?? 0) + 50, 5);
    const removed = await trader.execute(path, { amount: -20 });
    expect(removed).toMatchObject({ intent: 'remove_margin', amount: 20, status: 'filled' });
  });
});

describe('what a trader may not do', () => {
  it("see, cancel or close another trader's orders and positions: they do not exist for him", async () => {
    const other = await ApiTrader.signedIn();
    const [order] = await trader.expect<Plain<OrderDto>[]>(200, 'GET', '/api/trading/orders');
    const [position] = await positionsOf(trader);
    const codeOf = async (method: string, path: string, body?: unknown) =>
      (await other.call<ErrorResponse>(method, path, body === undefined ? {} : { body })).body.code;
    expect(await codeOf('GET', `/api/trading/orders/${order?.order_id}`)).toBe('TRADING_001');
    expect(await codeOf('DELETE', `/api/trading/orders/${order?.order_id}`)).toBe('TRADING_001');
    expect(await codeOf('GET', `/api/trading/receipts/${order?.transaction_hash}`)).toBe('TRADING_001');
    expect(await codeOf('GET', `/api/trading/positions/${position?.id}/history`)).toBe('TRADING_006');
    expect(await other.expect<unknown[]>(200, 'GET', '/api/trading/fills')).toEqual([]);
    expect(await codeOf('POST', `/api/trading/positions/${position?.id}/close`, {})).toMatch(/^TRADING_0(06|14)$/);
    expect((await positionsOf(trader))[0]?.id).toBe(position?.id);
  });

  it('trade without an account, with too much leverage, too little collateral or below the minimum', async () => {
    const stranger = await ApiTrader.signedIn();
    expect((await stranger.place({})).body.code).toBe('TRADING_014');
    expect((await trader.place({ leverage: 51 })).body.code).toBe('TRADING_003');
    expect((await trader.place({ symbol: 'BTC-PERP', quantity: 10, leverage: 5 })).body.code).toMatch(
      /^TRADING_0(02|13)$/,
    );
    expect((await trader.place({ symbol: 'ETH-PERP', quantity: 0.001 })).body.code).toBe('TRADING_012');
    expect((await trader.place({ symbol: 'ETH-PERP', side: 'sell', reduce_only: true })).body.code).toMatch(
      /^TRADING_00[56]$/,
    );
  });

  it('have anything co-signed that was changed after it was built, or built for somebody else', async () => {
    const other = await ApiTrader.signedIn();
    const { transaction, summary } = await trader.build('withdraw', { amount: 10 });
    expect(summary.join(' ')).toContain('10 USDC');
    expect((await trader.submit<ErrorResponse>(transaction)).status).toBeGreaterThanOrEqual(400);
    expect((await other.submit<ErrorResponse>(trader.sign(transaction))).status).toBeGreaterThanOrEqual(400);
    const signed = trader.sign(transaction);
    const changed = signed.slice(0, -8) + (signed.at(-8) === 'A' ? 'B' : 'A') + signed.slice(-7);
    expect((await trader.submit<ErrorResponse>(changed)).status).toBeGreaterThanOrEqual(400);
    expect((await trader.submit<ErrorResponse>('not base64!')).body.code).toBe('VALIDATION_001');
    expect((await trader.submit<ErrorResponse>(btoa('nonsense'))).status).toBeLessThan(500);
    const before = (await balanceOf(trader)).available_balance;
    expect((await trader.submit(signed)).body.status).toBe('confirmed');
    expect((await trader.submit(signed)).body.status).toBe('confirmed');
    await until(
      'it left once',
      async () => Math.abs((await balanceOf(trader)).available_balance - (before - 10)) < 1e-6,
    );
  });

  it('use the faucet twice within a minute', async () => {
    const poor = await ApiTrader.signedIn();
    const drop = () => poor.call<ErrorResponse>('POST', '/api/dev/faucet', { body: { wallet_address: poor.address } });
    expect((await drop()).status).toBe(200);
    const second = await drop();
    expect([second.status, second.body.code]).toEqual([429, 'RATE_002']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('orders', () => {
  it('show every transaction signed for them', async () => {
    const [latest] = await trader.expect<Plain<OrderDto>[]>(200, 'GET', '/api/trading/orders?status=filled&limit=1');
    const order = await trader.expect<OrderDetailDto>(200, 'GET', `/api/trading/orders/${latest?.order_id}`);
    expect(order.attempts.filter(({ outcome }) => outcome === 'landed').map(({ signature }) => signature)).toEqual([
      latest?.transaction_hash,
    ]);
  });
});

describe('the pool', () => {
  it('is worth what its markets and its free money add up to', async () => {
    const pool = await trader.expect<Plain<PoolDto>>(200, 'GET', '/api/pool', {});
    expect(pool.total_shares).toBeGreaterThan(0);
    expect(pool.share_price).toBeGreaterThan(0.9);
    expect(pool.markets.map(({ symbol }) => symbol)).toEqual(['SOL-PERP', 'BTC-PERP', 'ETH-PERP']);
  });
});
