import { price, quote, size } from '#shared/money/units.ts';
import { expect, test } from 'vitest';

import {
  depthState,
  impactCurve,
  quoteSize,
  roomOf,
  sizeWorth,
  spreadAt,
  type DepthContext,
  type DepthState,
} from './market-depth.ts';
import { base, marketWith, usd, usdc } from './testing.ts';
import { largestOpening } from './ticket/estimate.ts';

type Parameters = NonNullable<ReturnType<typeof marketWith>['parameters']>;

/** 150 USD ± 0.02, an impact that reaches the price at 1,600,000 SOL of skew, limits of skew, interest and pool. */
const parameters = {
  skew_scale: base('1600000'),
  max_skew_bps: 100,
  max_long_open_interest: base('50000'),
  max_short_open_interest: base('50000'),
  payoff_cap_bps: 5_000,
} as const;

const contextOf = (
  changed: Partial<Parameters> = {},
  open: { long: string; short: string } = { long: '0', short: '0' },
  reserved = '0',
): DepthContext => ({
  market: { ...marketWith({ ...parameters, ...changed }), reserved: usdc(reserved), backing: usdc('4000000') },
  live: { price: usd('150'), confidence: usd('0.02'), ema: usd('150'), state: 'ok' },
  stats: { long_open_interest: base(open.long), short_open_interest: base(open.short) },
});

const stateOf = (context: DepthContext): DepthState => {
  const state = depthState(context);
  if (state === null) throw new Error('no state');
  return state;
};

test('there is nothing to compute before the first price and before the parameters', () => {
  expect(depthState({ ...contextOf(), live: undefined })).toBeNull();
  expect(depthState({ ...contextOf(), market: { ...marketWith(), parameters: null } })).toBeNull();
});

test('a buy pays the spread above and a sell below, and the impact of half its size of the scale', () => {
  const state = stateOf(contextOf());
  // 1,600 SOL: half of 1,600 / 1,600,000 is 5 bps, the spread 0.01 of 150 is 0.667 bps.
  const buy = quoteSize(state, 'long', base('1600'));
  const sell = quoteSize(state, 'short', base('1600'));
  expect(buy).toMatchObject({ impact: usdc('120'), notional: usdc('240000'), averagePrice: usd('150.085') });
  expect(sell).toMatchObject({ impact: usdc('120'), averagePrice: usd('149.915') });
  expect([buy?.costE2Bps, sell?.costE2Bps]).toEqual([567n, 567n]);
  expect(quoteSize(state, 'long', base('0'))).toBeNull();
});

test('who lessens the skew pays no impact until it is gone', () => {
  const state = stateOf(contextOf({}, { long: '1000', short: '0' }));
  expect(quoteSize(state, 'short', base('1000'))?.impact).toBe(0n);
  expect(quoteSize(state, 'short', base('1001'))?.impact).toBeGreaterThan(0n);
  expect(quoteSize(state, 'long', base('1000'))?.impact).toBeGreaterThan(
    quoteSize(state, 'long', base('500'))?.impact ?? 0n,
  );
});

test('the room of a side is exactly what the program would still open, and names the limit that ends it', () => {
  const cases: readonly (readonly [DepthContext, 'long' | 'short', string])[] = [
    [contextOf(), 'long', 'skew'],
    [contextOf({}, { long: '9000', short: '2000' }), 'long', 'skew'],
    [contextOf({}, { long: '9000', short: '2000' }), 'short', 'skew'],
    [contextOf({ max_long_open_interest: base('9500') }, { long: '9000', short: '2000' }), 'long', 'openInterest'],
    [contextOf({}, { long: '9000', short: '2000' }, '3000000'), 'short', 'pool'],
    [contextOf({ skew_scale: size(0n) }), 'long', 'pool'],
    // Beyond its limit, a skew is only lessened, or turned to the same width.
    [contextOf({}, { long: '20000', short: '2000' }), 'short', 'skew'],
    [contextOf({ k_bps: 20_000 }, { long: '0', short: '7000' }, '2500000'), 'long', 'pool'],
  ];
  for (const [context, side, limit] of cases) {
    const room = roomOf(stateOf(context), side);
    const ticket = { ...context, position: undefined, available: undefined, stage: 'visitor' } as const;
    const order = {
      side: side === 'long' ? 'buy' : 'sell',
      leverageE2: 100n,
      tradePrice: usd('150'),
      rests: false,
    } as const;
    const opened = largestOpening(ticket, order, quote(10n ** 17n));
    expect(room.limit).toBe(limit);
    // The ticket's search stops at the market's digits (0.01).
    expect(room.size - opened).toBeGreaterThanOrEqual(0n);
    expect(room.size - opened).toBeLessThan(base('0.01'));
  }
});

test('a side at its limit has no room, and a market that opens nothing says so', () => {
  expect(
    roomOf(stateOf(contextOf({ max_long_open_interest: base('5') }, { long: '9', short: '9' })), 'long'),
  ).toMatchObject({
    size: 0n,
    limit: 'openInterest',
  });
  expect(roomOf(stateOf(contextOf({ status: 'reduce_only' })), 'short')).toMatchObject({ size: 0n, limit: 'status' });
});

test('a curve grows with the size and ends where it was asked to', () => {
  const state = stateOf(contextOf());
  const points = impactCurve(state, 'long', base('3000'), 12);
  expect(points).toHaveLength(12);
  expect(points.at(-1)?.size).toBe(base('3000'));
  const costs = points.map((point) => point.costE2Bps);
  expect(costs).toEqual([...costs].sort((a, b) => Number(a - b)));
  expect(impactCurve(state, 'long', base('0'), 12)).toEqual([]);
});

test('the spread of a worth is what buying and selling it are apart, and unknown where a side has no room', () => {
  const state = stateOf(contextOf());
  const rooms = { long: roomOf(state, 'long'), short: roomOf(state, 'short') };
  const at = spreadAt(state, usdc('240000'), rooms);
  expect(at.buy?.size).toBe(base('1600'));
  expect(at.spreadE2Bps).toBe(1_133n);
  expect(spreadAt(state, usdc('1000'), rooms).spreadE2Bps).toBeLessThan(200n);
  expect(spreadAt(state, usdc('100000000'), rooms)).toMatchObject({ buy: null, sell: null, spreadE2Bps: null });
});

test('a worth becomes a size rounded down', () => {
  expect(sizeWorth(stateOf(contextOf()), usdc('100'))).toBe(66_666_666n);
});

test('a price whose spread is all of it sells nothing', () => {
  const context = contextOf({ k_bps: 10_000 });
  const state = stateOf({
    ...context,
    live: { price: price(100n), confidence: price(100n), ema: price(100n), state: 'ok' },
  });
  expect(quoteSize(state, 'short', base('1'))).toBeNull();
});
