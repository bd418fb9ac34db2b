import { expect, test } from 'vitest';

import { shareLeft, timeLeft } from './countdown.ts';

test('time that is left is told in its two largest units, and never beyond its end', () => {
  expect(timeLeft(59_999, 0)).toBe('59 s');
  expect(timeLeft(3_599_000, 0)).toBe('59 min 59 s');
  expect(timeLeft(3_660_000, 0)).toBe('1 h 01 min');
  expect(timeLeft(86_400_000, 0)).toBe('24 h 00 min');
  expect(timeLeft(5, 5)).toBeNull();
});

test('what is left of a span stays within it', () => {
  expect(shareLeft(0, 100, 25)).toBe(75);
  expect(shareLeft(0, 100, 400)).toBe(0);
  expect(shareLeft(0, 100, -50)).toBe(100);
  expect(shareLeft(7, 7, 7)).toBe(0);
});
