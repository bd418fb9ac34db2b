import { expect, test } from 'vitest';

import { sparklinePath } from './sparkline.ts';

test('the line spans the box: the highest value at the top, the lowest at the bottom', () => {
  expect(sparklinePath([100n, 300n, 200n], 60, 20)).toBe('M0.00 20.00L30.00 0.00L60.00 10.00');
});

test('a price that stands still is a line in the middle', () => {
  expect(sparklinePath([5n, 5n], 60, 20)).toBe('M0.00 10.00L60.00 10.00');
});

test('one price alone is no line', () => {
  expect(sparklinePath([5n], 60, 20)).toBe('');
  expect(sparklinePath([], 60, 20)).toBe('');
});
