import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { divCeil, divFloor, divRound, divTrunc, mulDivCeil, mulDivFloor } from './divide.ts';

const anyInteger = fc.bigInt(-(1n << 128n), 1n << 128n);
const nonZero = anyInteger.filter((value) => value !== 0n);

test('floor and ceil bracket the exact quotient, whatever the signs', () => {
  const property = fc.property(anyInteger, nonZero, (a, b) => {
    const [low, high] = [divFloor(a, b), divCeil(a, b)];
    expect(high - low).toBe(a % b === 0n ? 0n : 1n);
    const [x, y] = b > 0n ? [a, b] : [-a, -b];
    expect(low * y <= x && x <= high * y).toBe(true);
  });
  fc.assert(property, search());
});

test('hand-checked signs', () => {
  expect([divFloor(7n, 2n), divFloor(-7n, 2n), divFloor(7n, -2n), divFloor(-7n, -2n)]).toEqual([3n, -4n, -4n, 3n]);
  expect([divCeil(7n, 2n), divCeil(-7n, 2n), divCeil(7n, -2n), divCeil(-7n, -2n)]).toEqual([4n, -3n, -3n, 4n]);
  expect([divTrunc(-7n, 2n), divRound(5n, 2n), divRound(-5n, 2n), divRound(-4n, 3n)]).toEqual([-3n, 3n, -3n, -1n]);
  expect([mulDivFloor(10n, 10n, 3n), mulDivCeil(10n, 10n, 3n)]).toEqual([33n, 34n]);
  expect(() => divFloor(1n, 0n)).toThrow(RangeError);
});
