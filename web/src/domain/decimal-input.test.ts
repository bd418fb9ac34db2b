import { expect, test } from 'vitest';

import { cleanDecimalInput, readDecimalInput } from './decimal-input.ts';

test.each([
  ['12.5', '12.5'],
  ['0,5', '0.5'],
  ['1234,5', '1234.5'],
  ['1,000', '1000'],
  ['12,345', '12345'],
  ['0,001', '0.001'],
  ['1,234,567.89', '1234567.89'],
  [' 1 000 ', '1000'],
  ['.5', '0.5'],
  ['007', '7'],
  ['3.', '3.'],
  ['0.123456789', '0.12345678'],
  ['', ''],
])('"%s" is kept as "%s"', (typed, kept) => {
  expect(cleanDecimalInput(typed, 8)).toBe(kept);
});

test.each(['abc', '1.2.3', '-5', '1e5', '9'.repeat(40)])(
  '"%s" is refused, and the field keeps what it had',
  (typed) => {
    expect(cleanDecimalInput(typed, 8)).toBeUndefined();
  },
);

test('a figure is read exactly, and an unfinished one does not count as zero', () => {
  expect(readDecimalInput('0.1', 8)).toBe(10_000_000n);
  expect(readDecimalInput('3.', 8)).toBe(300_000_000n);
  expect(readDecimalInput('3,', 8)).toBe(300_000_000n);
  expect(readDecimalInput('', 8)).toBeNull();
  expect(readDecimalInput('99999999999999999999', 8)).toBeNull();
});

test('a comma typed key by key means what it means when pasted', () => {
  const type = (keys: string) => [...keys].reduce((kept, key) => cleanDecimalInput(kept + key, 8) ?? kept, '');
  expect(readDecimalInput(type('1,000'), 8)).toBe(100_000_000_000n);
  expect(readDecimalInput(type('12,5'), 8)).toBe(1_250_000_000n);
  expect(readDecimalInput(type('0,001'), 8)).toBe(100_000n);
});
