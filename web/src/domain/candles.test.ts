import { expect, test } from 'vitest';

import { barAfterPrice, barsMax, mergeBars } from './candles.ts';
import { base, usd } from './testing.ts';

const bar = (time: number, close = '150') => ({
  time,
  open: usd('150'),
  high: usd('151'),
  low: usd('149'),
  close: usd(close),
  volume: base('1'),
});

test('bars of two sources are one list in time, and the later source is right', () => {
  const merged = mergeBars([bar(60), bar(120)], [bar(120, '151'), bar(180)]);
  expect(merged.map((each) => [each.time, each.close])).toEqual([
    [60, usd('150')],
    [120, usd('151')],
    [180, usd('150')],
  ]);
});

test('the list is bounded, and the oldest go', () => {
  const many = Array.from({ length: barsMax + 10 }, (_, index) => bar(index * 60));
  const merged = mergeBars(many, []);
  expect(merged).toHaveLength(barsMax);
  expect(merged[0]?.time).toBe(600);
});

test('a price inside the last bar widens it', () => {
  expect(barAfterPrice(bar(120), usd('152'), 150, '1m')).toMatchObject({
    time: 120,
    open: usd('150'),
    high: usd('152'),
    low: usd('149'),
    close: usd('152'),
  });
});

test('a price after the last bar opens the next one', () => {
  expect(barAfterPrice(bar(120), usd('152'), 185, '1m')).toMatchObject({
    time: 180,
    open: usd('152'),
    low: usd('152'),
  });
});

test('a price of the past changes no bar', () => {
  expect(barAfterPrice(bar(120), usd('152'), 119, '1m')).toBeUndefined();
});
