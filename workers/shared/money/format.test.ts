import { expect, test } from 'vitest';
import { displayDecimal, displayExact, displayPercent } from './format.ts';

test('fixed decimals and grouped thousands', () => {
  expect(displayDecimal(1_234_567_890_123n, 6, { places: 2 })).toBe('1,234,567.89');
  expect(displayDecimal(5n, 6, { places: 2 })).toBe('0.00');
  expect(displayDecimal(1_000_000n, 6, { places: 0 })).toBe('1');
  expect(displayDecimal(15n, 1, { places: 3, group: ' ' })).toBe('1.500');
  expect(displayDecimal(999_999n, 6, { places: 2, plus: true })).toBe('+1.00');
});

test('rounding goes where it was told and never shows a negative zero', () => {
  expect(displayDecimal(-1_999_999n, 6, { places: 2, rounding: 'floor' })).toBe('-2.00');
  expect(displayDecimal(-1_999_999n, 6, { places: 2, rounding: 'trunc' })).toBe('-1.99');
  expect(displayDecimal(1_990_001n, 6, { places: 2, rounding: 'ceil' })).toBe('2.00');
  expect(displayDecimal(-1n, 6, { places: 2 })).toBe('0.00');
});

test('percent of a ratio', () => {
  expect(displayPercent(1n, 3n, 2)).toBe('33.33%');
  expect(displayPercent(-1n, 8n, 1, true)).toBe('-12.5%');
  expect(displayPercent(1n, 0n, 2)).toBe('–');
});

test('text of what is signed keeps every digit, groups the thousands and ends without zeros', () => {
  expect(displayExact(10_000_000_000_000n, 6)).toBe('10,000,000');
  expect(displayExact(10_000_000n, 6)).toBe('10');
  expect(displayExact(1_234_567_890_123n, 6)).toBe('1,234,567.890123');
  expect(displayExact(14_847_000_000n, 8)).toBe('148.47');
  expect(displayExact(1n, 8)).toBe('0.00000001');
});
