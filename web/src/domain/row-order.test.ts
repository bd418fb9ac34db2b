import { expect, test } from 'vitest';

import { compareBy } from './row-order.ts';

const values = (isDescending: boolean, ...rows: (bigint | null)[]) =>
  rows
    .map((value) => ({ value }))
    .sort(compareBy(({ value }) => value, isDescending))
    .map(({ value }) => value);

test('rows stand in the order of a figure, exactly, however large', () => {
  const [small, large] = [10n ** 30n, 10n ** 30n + 1n];
  expect(values(true, small, -1n, large)).toEqual([large, small, -1n]);
  expect(values(false, small, -1n, large)).toEqual([-1n, small, large]);
});

test('what is not known comes last either way', () => {
  expect(values(true, null, 1n, 2n)).toEqual([2n, 1n, null]);
  expect(values(false, null, 2n, 1n)).toEqual([1n, 2n, null]);
});
