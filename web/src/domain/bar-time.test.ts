import { expect, test } from 'vitest';

import { barTime } from './bar-time.ts';
import { formatClock } from './format.ts';

const noon = Date.UTC(2026, 10, 23, 12, 30) / 1_000;

test('a day is the day of UTC, wherever the trader is', () => {
  expect(barTime(Date.UTC(2026, 10, 23) / 1_000, true)).toBe('23 Nov 2026');
});

test("a shorter bar is told by the trader's clock, without seconds", () => {
  expect(barTime(noon, false)).toBe(`23 Nov ${formatClock(new Date(noon * 1_000)).slice(0, 5)}`);
});
