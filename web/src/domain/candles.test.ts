import { expect, test } from 'vitest';

import {
  barAfterPrice,
  barIndexAt,
  barsMax,
  barsPerPage,
  differsAtEndOnly,
  mergeBars,
  pageBefore,
  wantsOlder,
} from './candles.ts';
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

test('an older page goes before what is known, and bars that come out of order are put in order', () => {
  expect(mergeBars([bar(60), bar(120)], [bar(180), bar(240)]).map((each) => each.time)).toEqual([60, 120, 180, 240]);
  expect(mergeBars([bar(240), bar(300)], [bar(60), bar(240)]).map((each) => each.time)).toEqual([60, 240, 300]);
  expect(mergeBars([bar(60)], [bar(180), bar(120)]).map((each) => each.time)).toEqual([60, 120, 180]);
});

test('the list is bounded, and the oldest go', () => {
  const many = Array.from({ length: barsMax + 10 }, (_, index) => bar(index * 60));
  const merged = mergeBars(many, []);
  expect(merged).toHaveLength(barsMax);
  expect(merged[0]?.time).toBe(600);
  expect(mergeBars(many.slice(0, barsMax), many.slice(barsMax))).toHaveLength(barsMax);
});

test('the page before the oldest bar ends where it begins, and never reaches before 1970', () => {
  expect(pageBefore(1_000_000, '1m')).toEqual({ from: 1_000_000 - barsPerPage * 60, to: 1_000_000 });
  expect(pageBefore(86_400, '1d')).toEqual({ from: 0, to: 86_400 });
});

test('older bars are asked for near the oldest one, and not beyond what is kept', () => {
  expect(wantsOlder(400, 500)).toBe(false);
  expect(wantsOlder(20, 500)).toBe(true);
  expect(wantsOlder(-30, 500)).toBe(true);
  expect(wantsOlder(-30, barsMax)).toBe(false);
  expect(wantsOlder(-30, 0)).toBe(false);
});

test('a moment is found in its bar, in the one before a gap, and before all bars nowhere', () => {
  const bars = [bar(60), bar(120), bar(300)];
  expect([59, 60, 119, 120, 299, 300, 900].map((time) => barIndexAt(bars, time))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
  expect(barIndexAt([], 5)).toBe(-1);
});

test('a list is drawn again only where more than its end changed', () => {
  const known = [bar(60), bar(120)];
  expect(differsAtEndOnly(known, [...known, bar(180)])).toBe(true);
  expect(differsAtEndOnly(known, [...known.slice(0, 1), bar(120, '151')])).toBe(true);
  expect(differsAtEndOnly(known, [bar(0), ...known])).toBe(false);
  expect(differsAtEndOnly(known, [bar(60), ...known.slice(1)])).toBe(false);
  expect(differsAtEndOnly([], known)).toBe(false);
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
