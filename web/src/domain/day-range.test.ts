import { expect, test } from 'vitest';

import { dayRangeWith } from './day-range.ts';
import { usd } from './testing.ts';

const told = { low: usd('149'), high: usd('151') };

test('a price beyond the range that was told stretches it; one within leaves it', () => {
  expect(dayRangeWith(told, usd('148'))).toEqual({ low: usd('148'), high: usd('151') });
  expect(dayRangeWith(told, usd('152'))).toEqual({ low: usd('149'), high: usd('152') });
  expect(dayRangeWith(told, usd('150'))).toEqual(told);
});

test('a day without trades so far is the live price alone; what was not told stays unknown', () => {
  expect(dayRangeWith({ low: null, high: null }, usd('150'))).toEqual({ low: usd('150'), high: usd('150') });
  expect(dayRangeWith(undefined, usd('150'))).toEqual({ low: null, high: null });
  expect(dayRangeWith(told, undefined)).toEqual(told);
});
