import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import type { CommandDto, OrderDetailDto, OrderDto, PreviewDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { ApiTrader, type Plain } from './trader.ts';

let trader: ApiTrader;
beforeAll(async () => {
  trader = await ApiTrader.open(1_000);
});

type Order = Plain<OrderDto>;
const keyed = (key: string, body: unknown) => ({ body, headers: { 'idempotency-key': key } });
const commandOf = (key: string) => trader.expect<CommandDto>(200, 'GET', `/api/trading/commands/${key}`);
const priceNow = async (): Promise<number> => {
  const [shown] = await trader.expect<{ price: number }[]>(200, 'GET', '/api/market/prices?symbols=SOL-PERP');
  return shown?.price ?? expect.fail('no price');
};

describe('orders over the API', () => {
  it('an order with exits is filled, its exits are ordinary orders, and those of its position are set anew', async () => {
    const price = Math.round(await priceNow());
    const exits = { take_profit: price * 2, stop_loss: Math.round(price / 2) };
    const about = { symbol: 'SOL-PERP', analysis_type: 'risk_assessment' };
    const { analysis_id: analysis } = await trader.expect<{ analysis_id: string }>(200, 'POST', '/api/ai/analyze', {
      body: about,
    });
    const { status, body: entry } = await trader.place({ ...exits, quantity: 2, analysis_id: analysis }, 'with-exits');
    expect([status, entry.status]).toEqual([201, 'filled']);
    expect(entry).toMatchObject({ ...exits, analysis_id: analysis, exit_kind: null });
    const open = () => trader.expect<Order[]>(200, 'GET', '/api/trading/orders?status=pending');
    const legs = await open();
    expect(legs.map((leg) => [leg.exit_kind, leg.price ?? leg.stop_price, leg.quantity, leg.parent_order_id])).toEqual([
      ['stop_loss', exits.stop_loss, 2, entry.order_id],
      ['take_profit', exits.take_profit, 2, entry.order_id],
    ]);
    expect(new Set(legs.map((leg) => leg.group_id)).size).toBe(1);

    const path = `/api/trading/positions/${entry.position_id}/exits`;
    const asked = keyed('exits', { stop_loss: null, take_profit: price * 3, quantity: 1.5 });
    const set = await trader.expect<Order[]>(200, 'POST', path, asked);
    expect(set).toMatchObject([{ exit_kind: 'take_profit', price: price * 3, quantity: 1.5 }]);
    expect(await trader.expect<Order[]>(200, 'POST', path, asked)).toEqual(set);
    expect((await open()).map(({ order_id }) => order_id)).toEqual([set[0]?.order_id]);
    expect(await commandOf('exits')).toMatchObject({ kind: 'set_exits', outcome: 'done', orders: set });

    const [position] = await trader.expect<PositionDto[]>(200, 'GET', '/api/trading/positions');
    await trader.execute(`/api/trading/positions/${position?.id}/close`, {});
    expect(await open()).toEqual([]);
    const gone = await trader.expect<OrderDetailDto>(200, 'GET', `/api/trading/orders/${set[0]?.order_id}`);
    expect(gone).toMatchObject({ stage: 'cancelled', error: { code: 'TRADING_027' }, attempts: [] });
    const after = await trader.call<ErrorResponse>('POST', path, { body: { take_profit: price * 2 } });
    expect([after.status, after.body.code]).toEqual([404, 'TRADING_006']);
  });

  it('an order is amended once per key, and by its client_order_id it is found as it is now', async () => {
    const { body: order } = await trader.place({ order_type: 'limit', price: 50, client_order_id: 'resting-1' });
    const path = `/api/trading/orders/${order.order_id}`;
    const asked = keyed('amend', { price: 49.5, quantity: 2, stop_loss: 40 });
    const amended = await trader.expect<Order>(200, 'PATCH', path, asked);
    expect(amended).toMatchObject({ price: 49.5, quantity: 2, stop_loss: 40, stage: 'resting' });
    expect(await trader.expect<Order>(200, 'PATCH', path, asked)).toEqual(amended);
    expect(await trader.expect<Order[]>(200, 'GET', '/api/trading/orders?client_order_id=resting-1')).toEqual([
      amended,
    ]);
    expect((await commandOf('amend')).order).toEqual(amended);
    const other = await trader.call<ErrorResponse>('PATCH', path, keyed('amend', { price: 49 }));
    expect([other.status, other.body.code]).toEqual([409, 'TRADING_009']);
    for (const body of [{}, { side: 'sell' }, { price: '1.123456789' }, { quantity: 0 }]) {
      expect((await trader.call('PATCH', path, { body })).status, JSON.stringify(body)).toBe(400);
    }
    expect((await trader.expect<Order>(200, 'PATCH', path, { body: { stop_loss: null } })).stop_loss).toBeNull();
  });

  it('cancelling one or all with the same key answers the same orders, and a cancelled order stays cancelled', async () => {
    await trader.expect(200, 'DELETE', '/api/trading/orders');
    const { body: one } = await trader.place({ order_type: 'limit', price: 50 });
    const path = `/api/trading/orders/${one.order_id}`;
    const cancelled = await trader.expect<Order>(200, 'DELETE', path, { headers: { 'idempotency-key': 'cancel-one' } });
    expect(cancelled.stage).toBe('cancelled');
    expect(await trader.expect<Order>(200, 'DELETE', path)).toEqual(cancelled);
    const { body: two } = await trader.place({ order_type: 'limit', price: 50 });
    const all = { headers: { 'idempotency-key': 'cancel-all' } };
    const first = await trader.expect<Order[]>(200, 'DELETE', '/api/trading/orders?symbol=SOL-PERP', all);
    expect(first.map(({ order_id }) => order_id)).toEqual([two.order_id]);
    await trader.place({ order_type: 'limit', price: 50 });
    expect(await trader.expect<Order[]>(200, 'DELETE', '/api/trading/orders?symbol=SOL-PERP', all)).toEqual(first);
    expect(await commandOf('cancel-all')).toMatchObject({ kind: 'cancel_all', orders: first });
    expect(await trader.expect<Order[]>(200, 'DELETE', '/api/trading/orders')).toHaveLength(1);
  });

  it('the dead man’s switch is armed, looked up by its key, and disarmed', async () => {
    const asked = keyed('dead-man', { seconds: 3_600 });
    const askedAtMs = Date.now();
    const armed = await trader.expect<{ cancel_at: string }>(200, 'POST', '/api/trading/cancel-after', asked);
    const inMs = (sinceMs: number): number => Date.parse(armed.cancel_at) - sinceMs;
    expect([inMs(askedAtMs) >= 3_600_000, inMs(Date.now()) <= 3_600_000]).toEqual([true, true]);
    expect(await commandOf('dead-man')).toMatchObject({
      kind: 'cancel_after',
      outcome: 'done',
      cancel_at: armed.cancel_at,
    });
    expect(await trader.expect(200, 'POST', '/api/trading/cancel-after', asked)).toEqual(armed);
    const disarmed = await trader.expect(200, 'POST', '/api/trading/cancel-after', { body: { seconds: 0 } });
    expect(disarmed).toEqual({ cancel_at: null });
    for (const seconds of [-1, 86_401, 1.5, '60', null]) {
      expect((await trader.call('POST', '/api/trading/cancel-after', { body: { seconds } })).status).toBe(400);
    }
  });

  it('a preview says of exits and of nothing to reduce what placing says, and warns of a stop that comes too late', async () => {
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 0.2 };
    const both = async (change: object) => {
      const body = { ...order, ...change };
      const { warnings } = await trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body });
      const placed = await trader.call('POST', '/api/trading/orders', { body });
      return { warnings, placed: placed.body as { code: string; message: string } };
    };
    // The price that both name may move between the two.
    const sayingOf = (message: string): string => message.replace(/\d[\d.]* USD/, 'the price');
    for (const exits of [{ take_profit: 1 }, { stop_loss: 100_000 }]) {
      const { warnings, placed } = await both(exits);
      expect(placed.code).toBe('TRADING_025');
      expect(warnings.map(({ code, message }) => [code, sayingOf(message)])).toEqual([
        [placed.code, sayingOf(placed.message)],
      ]);
    }
    const late = await trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', {
      body: { ...order, leverage: 10, stop_loss: 20 },
    });
    expect(late.warnings).toMatchObject([{ code: 'RISK_002' }]);
    const nothing = { ...order, symbol: 'BTC-PERP', side: 'sell', reduce_only: true };
    const [previewed, placed] = await Promise.all(
      ['preview', 'orders'].map((path) => trader.call('POST', `/api/trading/${path}`, { body: nothing })),
    );
    const textOf = (answer: { body: unknown } | undefined) => (answer?.body as { message: string }).message;
    expect(textOf(previewed)).toBe(textOf(placed));
  });

  it('a preview uses the leverage an order would get, and warns of what the delegation does not allow', async () => {
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 0.2 };
    const preview = () => trader.expect<Plain<PreviewDto>>(200, 'POST', '/api/trading/preview', { body: order });
    expect(await preview()).toMatchObject({ leverage: 10, warnings: [] });
    await trader.expect(200, 'PATCH', '/api/users/me', { body: { risk_level: 'conservative' } });
    expect((await preview()).leverage).toBe(3);
    expect((await trader.act('set_delegate', { turnover_cap: 1 })).status).toBe('confirmed');
    expect((await preview()).warnings).toMatchObject([{ code: 'TRADING_015' }]);
    expect((await trader.act('revoke_delegate', {})).status).toBe('confirmed');
    expect((await preview()).warnings).toMatchObject([{ code: 'TRADING_015' }]);
  });
});
