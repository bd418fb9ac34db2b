import { expect, test } from 'vitest';

import { usd, usdc } from '../testing.ts';
import { sharePriceCurve } from './share-price-curve.ts';

const point = (time: string, price: string) => ({
  ...{ time, share_price: usd(price), total_shares: usdc('5'), equity: usdc('5') },
});
const nowMs = Date.parse('2026-01-03T00:02:00.000Z');
const newestFirst = [point('2026-01-03T00:00:00.000Z', '1.02'), point('2026-01-01T00:00:00.000Z', '1.01')];

test('a curve runs from old to new within its range, closed by the price of now', () => {
  const curve = sharePriceCurve(newestFirst, { range: 'week', nowMs, price: usd('1.03') });
  expect(curve.map(({ value }) => value)).toEqual([usd('1.01'), usd('1.02'), usd('1.03')]);
  expect(sharePriceCurve(newestFirst, { range: 'day', nowMs, price: usd('1.03') })).toHaveLength(2);
});

test('without a price of now, or without a point before it, nothing is added', () => {
  expect(sharePriceCurve(newestFirst, { range: 'week', nowMs, price: null })).toHaveLength(2);
  expect(sharePriceCurve([], { range: 'week', nowMs, price: usd('1') })).toEqual([]);
});
