import { expect, test } from 'vitest';
import { z } from 'zod';
import { leverageCodec, positiveSizeCodec, priceCodec, quoteCodec, signedQuoteCodec } from './codecs.ts';
import { decodeJson, encodeJson } from './json.ts';
import { price, size } from './units.ts';

const order = z.object({ quantity: positiveSizeCodec, price: priceCodec.optional(), note: z.string().optional() });
const messageOf = (schema: z.ZodType, wire: unknown): string | undefined =>
  z.safeDecode(schema, wire).error?.issues[0]?.message;

test('a body read and written again keeps every digit', () => {
  const text = '{"quantity":184467440737.09551615,"price":0.1}';
  const decoded = z.decode(order, decodeJson(text) as z.input<typeof order>);
  expect(decoded).toEqual({ quantity: size(18446744073709551615n), price: price(10_000_000n) });
  expect(encodeJson(z.encode(order, decoded))).toBe(text);
});

test('numbers, texts and exponents mean the same amount', () => {
  for (const wire of [2.5, '2.5', '25e-1', '2.50']) expect(z.decode(quoteCodec, wire)).toBe(2_500_000n);
  expect(z.decode(signedQuoteCodec, '-1e-6')).toBe(-1n);
  expect(z.decode(leverageCodec, 20)).toBe(2000);
  expect(encodeJson(z.encode(leverageCodec, 2050))).toBe('20.5');
});

test('a refusal says what to do, and not which field: that is the place of the whole value', () => {
  expect(messageOf(quoteCodec, 1e-7)).toBe('"1e-7" has more than 6 decimals; round it to 6');
  expect(messageOf(positiveSizeCodec, 0)).toBe('Give between 0.00000001 and 184467440737.09551615.');
  expect(messageOf(quoteCodec, '-1')).toBe('Give between 0 and 1000000000000.');
  expect(messageOf(quoteCodec, 'ten')).toBe('"ten" is not a decimal number; write it like 12.5 or 1e-7');
  expect(messageOf(quoteCodec, true)).toBe('Give a decimal number: 12.5 or "12.5".');
  expect(messageOf(quoteCodec, null)).toBe('Give a decimal number: 12.5 or "12.5".');
  expect(messageOf(priceCodec, 123456789.123456789)).toContain('send it as text');
  expect(messageOf(z.object({ amount: quoteCodec }), {})).toBe('Missing. Give a decimal number: 12.5 or "12.5".');
  expect(messageOf(quoteCodec, { rawJSON: '1' })).toContain('Give a decimal number');
});

test('the reason of a refusal is machine-readable', () => {
  const issue = z.safeDecode(z.object({ amount: quoteCodec }), { amount: '0.0000001' }).error?.issues[0];
  expect(issue).toMatchObject({ path: ['amount'], params: { decimal: 'precision' } });
});

test('JSON Schema of both directions says number with format decimal', () => {
  const expected = { type: 'number', format: 'decimal' };
  for (const io of ['input', 'output'] as const) {
    const schema = z.toJSONSchema(order, { io });
    expect(schema.properties?.['price']).toMatchObject(expected);
    expect(schema.required).toEqual(['quantity']);
  }
});
