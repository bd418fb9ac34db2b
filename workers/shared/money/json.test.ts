import { expect, test } from 'vitest';
import { decimalTextOf, decodeJson, encodeJson, isRawJson, jsonDecimal } from './json.ts';

test('number tokens keep their digits: safe integers as numbers, all others as their text', () => {
  expect(decodeJson('{"a":12,"b":0.1,"c":1e-7,"d":9007199254740993,"e":-0,"f":"7","g":[1.0,null,true]}')).toEqual({
    a: 12,
    b: '0.1',
    c: '1e-7',
    d: '9007199254740993',
    e: '-0',
    f: '7',
    g: ['1.0', null, true],
  });
});

test('a decimal is written as an exact number token', () => {
  expect(encodeJson({ price: jsonDecimal('18446744073709551615.12345678') })).toBe(
    '{"price":18446744073709551615.12345678}',
  );
  expect(isRawJson(jsonDecimal('1'))).toBe(true);
  expect(isRawJson({ rawJSON: '1' })).toBe(false);
});

test('what JSON would lose silently is an error', () => {
  expect(() => encodeJson({ fee: 1n })).toThrow('fee is a bigint');
  expect(() => encodeJson({ ratio: Number.NaN })).toThrow('ratio is not a finite number');
  expect(() => decodeJson('{')).toThrow(SyntaxError);
});

test('a plain number counts only while a double keeps its digits', () => {
  expect(decimalTextOf(0.1)).toBe('0.1');
  expect(decimalTextOf(1e-7)).toBe('1e-7');
  expect(decimalTextOf(-0)).toBe('0');
  expect(decimalTextOf(123456789.123456789)).toBeNull();
  expect(decimalTextOf(2 ** 60)).toBeNull();
  expect(decimalTextOf(Number.NaN)).toBeNull();
});
