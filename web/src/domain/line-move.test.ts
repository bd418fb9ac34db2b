import { expect, test } from 'vitest';

import { chartLines, type ChartLine } from './chart-lines.ts';
import { moveOf } from './line-move.ts';
import type { TicketContext } from './ticket/context.ts';
import { base, marketWith, orderWith, positionWith, usd, usdc } from './testing.ts';

const market = { symbol: 'SOL-PERP', sizeDecimals: 2 };

/** 100 SOL long from 150; fee 6 bps, half of the confidence as spread, no impact. */
const context = (changed: Partial<TicketContext> = {}): TicketContext => ({
  market: marketWith(),
  live: { price: usd('152'), confidence: usd('0.02'), ema: usd('152'), state: 'ok' },
  stats: { long_open_interest: base('100'), short_open_interest: base('0') },
  position: positionWith(),
  available: usdc('1000'),
  stage: 'ready',
  ...changed,
});

const exit = (kind: 'take_profit' | 'stop_loss', side: 'buy' | 'sell' = 'sell') =>
  lineOf(
    orderWith({
      stage: 'resting',
      side,
      reduce_only: true,
      exit_kind: kind,
      quantity: base('100'),
      ...(kind === 'take_profit'
        ? { order_type: 'limit', price: usd('160') }
        : { order_type: 'stop', stop_price: usd('145') }),
    }),
  );

function lineOf(order: ReturnType<typeof orderWith>, at = 0): ChartLine {
  const line = chartLines(undefined, [order], market)[at];
  if (line === undefined) throw new Error('no line');
  return line;
}

test('a take-profit says what the position wins there: the profit less the fee, filled at its own price', () => {
  // 100 · 10 = 1,000 less 6 bps of 16,000 = 9.60.
  expect(moveOf(exit('take_profit'), usd('160'), context(), 50n)).toMatchObject({
    result: { net: usdc('990.4') },
    note: null,
  });
});

test('a stop-loss says what it loses there, the spread of a fill at the market included', () => {
  // Filled at 144.99: −501 less 6 bps of 14,499 = 8.6994.
  expect(moveOf(exit('stop_loss'), usd('145'), context(), 50n).result?.net).toBe(usdc('-509.6994'));
});

test('what the position owes lessens the result', () => {
  const position = positionWith({ funding_owed: usdc('3'), borrow_owed: usdc('2') });
  expect(moveOf(exit('take_profit'), usd('160'), context({ position }), 50n).result?.net).toBe(usdc('985.4'));
});

test('an exit for more than the position holds closes the position', () => {
  const position = positionWith({ size: base('50') });
  expect(moveOf(exit('take_profit'), usd('160'), context({ position }), 50n).result?.net).toBe(usdc('495.2'));
});

test('an exit beyond the price of now on the wrong side is named before the exchange refuses it', () => {
  expect(moveOf(exit('take_profit'), usd('152'), context(), 50n).note).toBe('wrongSide');
  expect(moveOf(exit('stop_loss'), usd('152.001'), context(), 50n).note).toBe('wrongSide');
  const short = positionWith({ side: 'short' });
  expect(moveOf(exit('take_profit', 'buy'), usd('151'), context({ position: short }), 50n).note).toBeNull();
  expect(moveOf(exit('stop_loss', 'buy'), usd('151'), context({ position: short }), 50n).note).toBe('wrongSide');
});

test("an exit that comes with a resting order is measured from that order's price", () => {
  const order = orderWith({ stage: 'resting', order_type: 'limit', price: usd('140'), take_profit: usd('150') });
  const line = lineOf(order, 1);
  expect(moveOf(line, usd('141'), context({ position: undefined }), 50n)).toEqual({
    result: null,
    worst: null,
    note: null,
    measuredFrom: usd('140'),
  });
  expect(moveOf(line, usd('139'), context({ position: undefined }), 50n).note).toBe('wrongSide');
});

test('an exit that is not there yet is measured by the position', () => {
  const line: ChartLine = {
    ...exit('take_profit'),
    order: null,
    target: { of: 'position', positionId: positionWith().id, field: 'take_profit' },
  };
  expect(moveOf(line, usd('160'), context(), 50n)).toMatchObject({ result: { net: usdc('990.4') }, note: null });
});

test('a limit moved across the price would trade at once, and so would a stop', () => {
  const buy = lineOf(orderWith({ stage: 'resting', order_type: 'limit', price: usd('140') }));
  expect(moveOf(buy, usd('151.999'), context(), 50n).note).toBeNull();
  expect(moveOf(buy, usd('152'), context(), 50n).note).toBe('atOnce');
  const stopBuy = lineOf(orderWith({ stage: 'resting', order_type: 'stop', stop_price: usd('160') }));
  expect(moveOf(stopBuy, usd('153'), context(), 50n).note).toBeNull();
  expect(moveOf(stopBuy, usd('152'), context(), 50n).note).toBe('atOnce');
  expect(moveOf(stopBuy, usd('153'), context({ live: undefined }), 50n).note).toBeNull();
});

test('an order against the position says what the part it closes comes to; one that adds to it closes nothing', () => {
  const sell = { stage: 'resting', order_type: 'limit', side: 'sell', price: usd('155') } as const;
  // Half of 100 SOL: 500 less 6 bps of 8,000 = 4.80.
  expect(moveOf(lineOf(orderWith({ ...sell, quantity: base('50') })), usd('160'), context(), 50n).result?.net).toBe(
    usdc('495.2'),
  );
  expect(moveOf(lineOf(orderWith({ ...sell, quantity: base('500') })), usd('160'), context(), 50n).result?.net).toBe(
    usdc('990.4'),
  );
  const buy = orderWith({ ...sell, side: 'buy', price: usd('140') });
  expect(moveOf(lineOf(buy), usd('139'), context(), 50n).result).toBeNull();
});
