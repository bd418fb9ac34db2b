import { expect, test } from 'vitest';
import { decide } from './decision.ts';
import { nearLiquidations } from './liquidations.ts';
import { inputAt } from './testing.ts';
import type { Estimate } from './walk-forward.ts';

const found = (probability: number, error: number, baseRate = 0.5): Estimate => ({
  baseRate,
  raw: probability,
  probability,
  skill: 1,
  skillError: 0,
  error,
  blocks: 20,
  weights: [],
});
const input = inputAt([], 0, { horizon: '1h' });
/** Over the 16 bars of these tests a standard deviation of 1 %, whose mean move is 79.8 bps. */
const barSigma = 0.01 / 4;
const answer = (estimate: Estimate, changes: Partial<typeof input> = {}) =>
  decide({ ...input, ...changes }, estimate, barSigma, 16);

test('an answer is given only beyond the error, and only beyond the cost', () => {
  // Costs 14 bps: the expected move (2p − 1) · 79.8 bps passes them at p = 0.588.
  expect(answer(found(0.6, 0.05))).toMatchObject({ direction: 'buy', obstacle: null });
  expect(answer(found(0.6, 0.1001))).toMatchObject({ direction: 'hold', obstacle: 'chance' });
  expect(answer(found(0.587, 0.05))).toMatchObject({ direction: 'hold', obstacle: 'cost' });
  expect(answer(found(0.589, 0.05))).toMatchObject({ direction: 'buy' });
  expect(answer(found(0.4, 0.05))).toMatchObject({ direction: 'sell' });
  expect(answer(found(0.413, 0.05))).toMatchObject({ direction: 'hold', obstacle: 'cost' });
});

test('a base rate alone is no reason to trade', () => {
  expect(answer(found(0.7, 0, 0.7))).toMatchObject({ direction: 'hold', obstacle: 'chance' });
  expect(answer(found(0.62, 0.01, 0.7))).toMatchObject({ direction: 'hold', obstacle: 'contrary' });
});

test('funding that the side would pay counts as cost, what it would receive does not', () => {
  expect(answer(found(0.6, 0), { funding_rate_hourly_bps: 3 })).toMatchObject({ direction: 'hold', obstacle: 'cost' });
  expect(answer(found(0.6, 0), { funding_rate_hourly_bps: -3 }).cost).toBeCloseTo(0.0014, 12);
  expect(answer(found(0.4, 0), { funding_rate_hourly_bps: -3 })).toMatchObject({ direction: 'hold', obstacle: 'cost' });
  expect(answer(found(0.4, 0), { funding_rate_hourly_bps: 3 })).toMatchObject({ direction: 'sell' });
});

test('against the position that is held the answer is to close it, never to turn it', () => {
  expect(answer(found(0.4, 0), { position_side: 'long' }).direction).toBe('close');
  expect(answer(found(0.6, 0), { position_side: 'short' }).direction).toBe('close');
  expect(answer(found(0.6, 0), { position_side: 'long' }).direction).toBe('buy');
  expect(answer(found(0.5, 0), { position_side: 'long' }).direction).toBe('hold');
});

test('confidence is the probability that the move pays, or for a hold that it does not', () => {
  // Expected 0.2 · 79.79 − 14 = 1.96 bps above costs, in deviations of 100 bps.
  expect(answer(found(0.6, 0)).confidence).toBeCloseTo(0.5078, 4);
  expect(answer(found(0.5, 0)).confidence).toBeCloseTo(0.5557, 4);
});

test('liquidations are nearest first, on their side of the price, with the chance of the reflection principle', () => {
  const clusters = [
    { price: 95, notional_usdc: 5, side: 'long' },
    { price: 99, notional_usdc: 20, side: 'long' },
    { price: 98.5, notional_usdc: 7, side: 'long' },
    { price: 101, notional_usdc: 1_000, side: 'long' },
    { price: 98, notional_usdc: 1_000, side: 'short' },
  ] as const;
  const near = nearLiquidations(clusters, 'long', 100, 0.008);
  expect(near).toMatchObject({ price: 99, distance: 0.01, notional: 27 });
  // Python: 2 · (1 − Φ(ln(100/99) / 0.008)).
  expect(near?.reached).toBeCloseTo(0.20901012798521545, 6);
  expect(nearLiquidations(clusters, 'short', 100, 0.008)).toBeNull();
});
