import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import type { DecimalError } from './decimal.ts';
import { formatDecimal, parseDecimal, signedUnit, tryParseDecimal, unsignedUnit } from './decimal.ts';
import { I64_MAX, I64_MIN, U64_MAX } from './units.ts';

const reasonOf = (text: string, decimals = 6): string => {
  try {
    parseDecimal(text, signedUnit(decimals));
    return 'accepted';
  } catch (error) {
    return (error as DecimalError).reason;
  }
};

test('every integer of a unit survives being written and read', () => {
  const property = fc.property(fc.bigInt(I64_MIN, I64_MAX), fc.integer({ min: 0, max: 18 }), (value, decimals) => {
    expect(parseDecimal(formatDecimal(value, decimals), signedUnit(decimals))).toBe(value);
    expect(() => JSON.parse(formatDecimal(value, decimals))).not.toThrow();
  });
  fc.assert(property, search());
});

test('JSON number syntax with exponents is read exactly', () => {
  expect(parseDecimal('1e-7', signedUnit(8))).toBe(10n);
  expect(parseDecimal('-1.5E+2', signedUnit(6))).toBe(-150_000_000n);
  expect(parseDecimal('0.30000000000000004', signedUnit(17))).toBe(30000000000000004n);
  expect(parseDecimal('1.500000000000', signedUnit(1))).toBe(15n);
  expect(parseDecimal('100e-2', signedUnit(0))).toBe(1n);
  expect(parseDecimal('-0', signedUnit(6))).toBe(0n);
  expect(parseDecimal('0e999', signedUnit(6))).toBe(0n);
});

test('what is no decimal number is refused as syntax', () => {
  for (const text of [
    '',
    ' 1',
    '1.',
    '.5',
    '01',
    '+1',
    '1,5',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e5000',
    '١',
    '1'.repeat(81),
  ]) {
    expect(reasonOf(text), text).toBe('syntax');
  }
});

test('digits below the unit are refused, not rounded', () => {
  expect(reasonOf('0.0000001')).toBe('precision');
  expect(reasonOf('1e-7')).toBe('precision');
  expect(reasonOf('0.000001')).toBe('accepted');
});

test('bounds are inclusive and enforced', () => {
  expect(parseDecimal(U64_MAX.toString(), unsignedUnit(0))).toBe(U64_MAX);
  expect(tryParseDecimal((U64_MAX + 1n).toString(), unsignedUnit(0))).toBeNull();
  expect(tryParseDecimal('-1', unsignedUnit(0))).toBeNull();
  expect(reasonOf('9223372036854.775808')).toBe('range');
  expect(reasonOf('-9223372036854.775808')).toBe('accepted');
  expect(reasonOf('1e59')).toBe('range');
  expect(reasonOf('1e99')).toBe('range');
});
