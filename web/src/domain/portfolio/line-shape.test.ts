import { expect, test } from 'vitest';

import { lineShape, nearestPoint, roundStep } from './line-shape.ts';

const at = (...values: readonly bigint[]) => values.map((value, index) => ({ timeMs: index * 1_000, value }));

test('steps are 1, 2 or 5 of a power of ten, at most four to a span', () => {
  expect([1n, 4n, 5n, 12n, 40n, 41n, 2_000_000n].map(roundStep)).toEqual([1n, 1n, 2n, 5n, 10n, 20n, 500_000n]);
});

test('a curve lies between round figures, the first at the left and the highest tick at the top', () => {
  const shape = lineShape(at(103n, 112n, 97n)) ?? expect.fail();
  expect(shape.ticks.map(({ value }) => value)).toEqual([115n, 110n, 105n, 100n, 95n]);
  expect(shape.points.map(({ x }) => x)).toEqual([0, 0.5, 1]);
  expect(shape.points[0]?.y).toBeCloseTo(0.6);
  expect([shape.ticks[0]?.y, shape.ticks.at(-1)?.y]).toEqual([0, 1]);
  expect(shape.zero).toBeNull();
});

test('a curve across zero shows where zero is', () => {
  const shape = lineShape(at(-10n, 30n)) ?? expect.fail();
  expect(shape.zero).toBeCloseTo(0.75);
  expect(shape.ticks.map(({ value }) => value)).toEqual([30n, 20n, 10n, 0n, -10n]);
});

test('a curve that never changes lies in the middle', () => {
  for (const value of [1_000n, 0n, -1_000n])
    expect(lineShape(at(value, value))?.points.map(({ y }) => y)).toEqual([0.5, 0.5]);
});

test('below the last digit that is shown there are no ticks, and nothing looks like a move', () => {
  const shape = lineShape(at(1_000_000n, 1_000_003n), 100n) ?? expect.fail();
  expect(shape.ticks.map(({ value }) => value)).toEqual([1_000_100n, 1_000_000n, 999_900n]);
  expect(shape.points.every(({ y }) => y > 0.45 && y < 0.55)).toBe(true);
  expect(lineShape(at(1_000_000n, 1_000_150n), 100n)?.ticks.map(({ value }) => value)).toEqual([
    1_000_200n,
    1_000_100n,
    1_000_000n,
  ]);
});

test('one point is a curve, none is not', () => {
  expect(lineShape(at(7n))?.points).toEqual([{ x: 0, y: 0.5 }]);
  expect(lineShape([])).toBeUndefined();
});

test('beyond the integers that a float holds exactly, the shape is still right', () => {
  const far = 10n ** 18n;
  expect(lineShape(at(far, far + 40n))?.points[0]?.y).toBeCloseTo(1);
});

test('the nearest point answers for a place between two', () => {
  const shape = lineShape(at(1n, 2n, 3n)) ?? expect.fail();
  expect([-1, 0.2, 0.3, 0.9, 2].map((x) => nearestPoint(shape, x))).toEqual([0, 0, 1, 2, 2]);
});
