import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { type PriceUpdate, decodePriceUpdate, encodePriceUpdate, priceUpdateLength } from './price-update.ts';

const i64 = fc.bigInt(-(1n << 63n), (1n << 63n) - 1n);
const u64 = fc.bigInt(0n, (1n << 64n) - 1n);
const hexDigit = fc.constantFrom(...'0123456789abcdef');
const update: fc.Arbitrary<PriceUpdate> = fc.record({
  writeAuthority: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  verification: fc.oneof(
    fc.constant({ kind: 'full' } as const),
    fc.record({ kind: fc.constant('partial' as const), signatures: fc.integer({ min: 0, max: 255 }) }),
  ),
  feedId: fc.array(hexDigit, { minLength: 64, maxLength: 64 }).map((digits) => digits.join('')),
  price: i64,
  conf: u64,
  exponent: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  publishTime: i64,
  prevPublishTime: i64,
  emaPrice: i64,
  emaConf: u64,
  postedSlot: u64,
});

/** SOL/USD at 147.91234567, fully verified: the layout written out field by field. */
const known = [
  '22f123639d7ef4cd',
  '07'.repeat(32),
  '01',
  'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d',
  '8711a07103000000',
  '40420f0000000000',
  'f8ffffff',
  '80bb5a6800000000',
  '7fbb5a6800000000',
  '00e40b5402000000',
  '01000000 00000000'.replace(' ', ''),
  '0900000000000000',
  '00',
].join('');

test('every update survives being written and read, at full and partial verification', () => {
  const property = fc.property(update, (drawn) => {
    const data = encodePriceUpdate(drawn);
    expect(data).toHaveLength(priceUpdateLength);
    expect(decodePriceUpdate(data)).toEqual(drawn);
  });
  fc.assert(property, search());
});

test('the bytes are those of the Pyth receiver', () => {
  const data = encodePriceUpdate({
    writeAuthority: new Uint8Array(32).fill(7),
    verification: { kind: 'full' },
    feedId: 'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d',
    price: 0x371a01187n,
    conf: 1_000_000n,
    exponent: -8,
    publishTime: 0x685abb80n,
    prevPublishTime: 0x685abb7fn,
    emaPrice: 0x2540be400n,
    emaConf: 1n,
    postedSlot: 9n,
  });
  expect(Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(known);
});

test('data inside a larger buffer is read from its own start', () => {
  const data = Uint8Array.from(known.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16));
  const larger = new Uint8Array(200);
  larger.set(data, 33);
  expect(decodePriceUpdate(larger.subarray(33, 33 + priceUpdateLength)).postedSlot).toBe(9n);
});

test('what is no price update is refused', () => {
  const data = Uint8Array.from(known.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16));
  const changed = (index: number, value: number): Uint8Array =>
    Uint8Array.from(data, (byte, i) => (i === index ? value : byte));
  for (const broken of [
    new Uint8Array(0),
    data.slice(0, 132),
    changed(0, 0),
    changed(40, 2),
    changed(40, 0).slice(0, 133),
  ]) {
    expect(() => decodePriceUpdate(broken)).toThrow('does not hold a price update');
  }
  expect(decodePriceUpdate(data.slice(0, 133)).postedSlot).toBe(9n);
});
