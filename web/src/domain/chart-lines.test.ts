import { expect, test } from 'vitest';

import { chartLines, keyStep, snapPrice, stackLabels } from './chart-lines.ts';
import { base, orderWith, positionWith, usd } from './testing.ts';

const market = { symbol: 'SOL-PERP', sizeDecimals: 2 };
const resting = { stage: 'resting', order_type: 'limit' } as const;
const shown = (lines: ReturnType<typeof chartLines>) => lines.map(({ kind, price, label }) => [kind, price, label]);

test('a position is a line at its entry and one at its liquidation price, and neither can be moved', () => {
  const lines = chartLines(positionWith(), [], market);
  expect(shown(lines)).toEqual([
    ['entry', usd('150'), 'Long 100.00'],
    ['liquidation', usd('143.94'), 'Liq.'],
  ]);
  expect(lines.every((line) => line.target === null)).toBe(true);
  expect(chartLines(positionWith({ liquidation_price: null }), [], market)).toHaveLength(1);
});

test('an order is a line at each of its prices, and each moves its own field', () => {
  const order = orderWith({
    ...resting,
    order_type: 'stop_limit',
    stop_price: usd('155'),
    price: usd('156'),
    take_profit: usd('170'),
    stop_loss: usd('140'),
  });
  const lines = chartLines(undefined, [order], market);
  expect(shown(lines)).toEqual([
    ['stop', usd('155'), 'Stop buy 2.50'],
    ['limit', usd('156'), 'Buy 2.50'],
    ['takeProfit', usd('170'), 'TP of buy'],
    ['stopLoss', usd('140'), 'SL of buy'],
  ]);
  expect(lines.map(({ target }) => target)).toEqual(
    ['stop_price', 'price', 'take_profit', 'stop_loss'].map((field) => ({
      of: 'order',
      orderId: order.order_id,
      field,
    })),
  );
});

test('an exit of the position moves the price it waits for: the limit of a profit, the stop of a loss', () => {
  const sell = { ...resting, side: 'sell', reduce_only: true, quantity: base('100') } as const;
  const profit = orderWith({ ...sell, order_id: 'a', exit_kind: 'take_profit', price: usd('160') });
  const loss = orderWith({
    ...sell,
    order_id: 'b',
    order_type: 'stop',
    exit_kind: 'stop_loss',
    stop_price: usd('145'),
  });
  expect(chartLines(undefined, [profit, loss], market)).toMatchObject([
    { kind: 'takeProfit', price: usd('160'), label: 'TP 100.00', target: { orderId: 'a', field: 'price' } },
    { kind: 'stopLoss', price: usd('145'), label: 'SL 100.00', target: { orderId: 'b', field: 'stop_price' } },
  ]);
  const rest = positionWith({ size: base('40'), liquidation_price: null });
  const held = chartLines(rest, [{ ...profit, position_id: rest.id }], market);
  expect(held.at(-1)?.label).toBe('TP 40.00');
});

test('what waits in another market, has no price, is done or changes margin alone is no line', () => {
  const orders = [
    orderWith({ ...resting, price: usd('140'), symbol: 'BTC-PERP' }),
    orderWith({ price: null }),
    orderWith({ ...resting, price: usd('140'), status: 'filled', stage: 'filled' }),
    orderWith({ ...resting, price: usd('140'), intent: 'add_margin' }),
  ];
  expect(chartLines(undefined, orders, market)).toEqual([]);
});

test('an order on its way is shown and cannot be moved', () => {
  const [line] = chartLines(undefined, [orderWith({ price: usd('140'), stage: 'submitted' })], market);
  expect(line?.target).toBeNull();
});

test('a place on the screen is a price in digits of the market, never 0', () => {
  expect(snapPrice(usd('150.12345678'), 3)).toBe(usd('150.123'));
  expect(snapPrice(usd('150.1235'), 3)).toBe(usd('150.124'));
  expect(snapPrice(-5n, 3)).toBe(usd('0.001'));
  expect(keyStep(usd('70000'), 1)).toBe(usd('7'));
  expect(keyStep(usd('1.5'), 3)).toBe(usd('0.001'));
});

test('labels that would cover each other are moved apart, in order, and stay within the chart', () => {
  const at = (...ys: number[]) => ys.map((y, index) => ({ id: String(index), y }));
  expect(stackLabels(at(50, 100), 20, 300).map(({ y }) => y)).toEqual([50, 100]);
  expect(stackLabels(at(50, 55, 52), 20, 300)).toEqual([
    { id: '0', y: 50 },
    { id: '2', y: 70 },
    { id: '1', y: 90 },
  ]);
  expect(stackLabels(at(295, 296), 20, 300).map(({ y }) => y)).toEqual([270, 290]);
  expect(stackLabels(at(-40), 20, 300).map(({ y }) => y)).toEqual([10]);
});
