import { quote } from '#shared/money/units.ts';
import type { PoolPointDto } from '#shared/protocol/pool.ts';
import { expect, test } from 'vitest';

import { formatShare } from '../format.ts';
import { usd } from '../testing.ts';
import { annualYield } from './annual-yield.ts';

const nowMs = Date.parse('2026-11-23T12:00:00Z');
const hourMs = 3_600_000;
const point = (hoursAgo: number, price: string): PoolPointDto => ({
  time: new Date(nowMs - hoursAgo * hourMs).toISOString(),
  share_price: usd(price),
  total_shares: quote(0n),
  equity: quote(0n),
});
const percent = (points: readonly PoolPointDto[], span: 'week' | 'month') => {
  const known = annualYield(points, { span, nowMs, price: usd('1.01') });
  return known === undefined ? undefined : formatShare(known.part, known.whole, 2, true);
};

test('a gain of 1 % in 7 days is 52.14 % a year, simple; a loss is negative', () => {
  expect(percent([point(1, '1.009'), point(168, '1'), point(200, '0.5')], 'week')).toBe('+52.14%');
  expect(percent([point(168, '1.02')], 'week')).toMatch(/^[-−]51\.12%$/);
});

test('the time that truly passed counts, where the nearest point is an hour off', () => {
  expect(percent([point(167, '1')], 'week')).toBe('+52.46%');
});

test('a history that does not reach back, or a share without a price, has none', () => {
  expect(percent([point(1, '1'), point(160, '1')], 'week')).toBeUndefined();
  expect(percent([point(168, '1')], 'month')).toBeUndefined();
  expect(annualYield([point(168, '1')], { span: 'week', nowMs, price: null })).toBeUndefined();
});
