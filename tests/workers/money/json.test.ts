import { expect, test } from 'vitest';
import { decodeJson, encodeJson, isRawJson, jsonDecimal } from '#shared/money/json.ts';

test('decimals keep every digit in the runtime of the worker, written and read as JSON numbers', () => {
  expect(isRawJson(jsonDecimal('0.1'))).toBe(true);
  expect(encodeJson({ price: jsonDecimal('184467440737.09551615') })).toBe('{"price":184467440737.09551615}');
  expect(decodeJson('{"price":184467440737.09551615,"count":3}')).toEqual({ price: '184467440737.09551615', count: 3 });
});
