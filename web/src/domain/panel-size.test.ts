import { expect, test } from 'vitest';

import { boundsWithin, clampSize, sizeAfterKey } from './panel-size.ts';

const bounds = { min: 200, max: 400 };

test('a panel stays within its bounds, in whole pixels', () => {
  expect(clampSize(100, bounds)).toBe(200);
  expect(clampSize(333.4, bounds)).toBe(333);
  expect(clampSize(9_999, bounds)).toBe(400);
});

test('a panel never pushes the other side below its smallest size, and never falls below its own', () => {
  expect(boundsWithin(1_000, 200, 600)).toEqual({ min: 200, max: 400 });
  expect(boundsWithin(1_000, 200, 600, 300)).toEqual({ min: 200, max: 300 });
  expect(boundsWithin(500, 200, 600)).toEqual({ min: 200, max: 200 });
});

test('arrows move the edge the way they point, with Shift further, Home and End to the bounds', () => {
  const after = (key: string, axis: 'x' | 'y', shift = false) => sizeAfterKey({ key, shift }, axis, 300, bounds);
  expect([after('ArrowLeft', 'x'), after('ArrowRight', 'x')]).toEqual([308, 292]);
  expect([after('ArrowUp', 'y'), after('ArrowDown', 'y')]).toEqual([308, 292]);
  expect(after('ArrowUp', 'y', true)).toBe(348);
  expect([after('Home', 'x'), after('End', 'x')]).toEqual([200, 400]);
  expect([after('ArrowUp', 'x'), after('Tab', 'x'), after('ArrowLeft', 'y')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
