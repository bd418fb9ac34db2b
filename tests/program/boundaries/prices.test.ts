import { describe, expect, it } from 'vitest';
import type { PriceUpdate } from '#shared/perps/price-update.ts';
import { exchangePerTest } from '#support/program/suite.ts';
import { type Answer, accountWith, answers } from './both-sides.ts';

const exchange = exchangePerTest({ liquidity: 0n });
const hundred = 100n * 10n ** 8n;
const i64Max = 2n ** 63n - 1n;
const i64Min = -(2n ** 63n);
const u64Max = 2n ** 64n - 1n;
/** Acceptance of the test's market: 60 seconds, 5 % confidence, 5 signatures; 5 seconds ahead for all markets. */
const staleness = 60n;
const ahead = 5n;
const widestConf = hundred / 20n;

/** Both implementations give this answer. */
async function expectBoth(data: Uint8Array, expected: Answer | 'accepted'): Promise<void> {
  const { program, typescript } = await answers(exchange(), data);
  expect(program, 'the program and the TypeScript').toEqual(typescript);
  if (expected === 'accepted') expect(typeof program, String(program)).toBe('object');
  else expect(program).toEqual(expected);
}

type Case = readonly [what: string, changes: (now: bigint) => Partial<PriceUpdate>, expected: Answer | 'accepted'];
const inUnits = (price: bigint, conf = 0n, ema = price): Answer => ({ price, conf, ema });

const limits: readonly Case[] = [
  ['as old as the market allows', (now) => ({ publishTime: now - staleness }), 'accepted'],
  ['a second older', (now) => ({ publishTime: now - staleness - 1n }), 'OracleStale'],
  ['of the first second there is', () => ({ publishTime: 0n }), 'OracleStale'],
  ['of the last second there is', () => ({ publishTime: i64Max }), 'OracleFuture'],
  ['five seconds ahead', (now) => ({ publishTime: now + ahead }), 'accepted'],
  ['six seconds ahead', (now) => ({ publishTime: now + ahead + 1n }), 'OracleFuture'],
  ['as uncertain as the market allows', () => ({ conf: widestConf }), inUnits(hundred, widestConf)],
  ['a unit more uncertain', () => ({ conf: widestConf + 1n }), 'OracleUncertain'],
  ['as uncertain as can be', () => ({ conf: u64Max }), 'OracleUncertain'],
  ['price of one unit', () => ({ price: 1n, emaPrice: 1n }), inUnits(1n)],
  ['price of one unit, one unit of doubt', () => ({ price: 1n, emaPrice: 1n, conf: 1n }), 'OracleUncertain'],
  ['the largest price', () => ({ price: i64Max, emaPrice: i64Max }), inUnits(i64Max)],
  [
    'the largest price, all of it in doubt',
    () => ({ price: i64Max, emaPrice: i64Max, conf: u64Max }),
    'OracleUncertain',
  ],
  ['price zero', () => ({ price: 0n }), 'OraclePriceOutOfRange'],
  ['price −1', () => ({ price: -1n }), 'OraclePriceOutOfRange'],
  ['the smallest price', () => ({ price: i64Min }), 'OraclePriceOutOfRange'],
  ['average zero', () => ({ emaPrice: 0n }), 'OraclePriceOutOfRange'],
  ['average −1', () => ({ emaPrice: -1n }), 'OraclePriceOutOfRange'],
  ['the smallest average', () => ({ emaPrice: i64Min }), 'OraclePriceOutOfRange'],
  ['signed by as many as asked for', () => ({ verification: { kind: 'partial', signatures: 5 } }), inUnits(hundred)],
  ['signed by one fewer', () => ({ verification: { kind: 'partial', signatures: 4 } }), 'OracleUnverified'],
  ['signed by nobody', () => ({ verification: { kind: 'partial', signatures: 0 } }), 'OracleUnverified'],
  ['signed by 255', () => ({ verification: { kind: 'partial', signatures: 255 } }), inUnits(hundred)],
];

describe('a price at its limit', () => {
  it.each(limits)('%s', async (_what, changes, expected) => {
    await expectBoth(accountWith(exchange(), changes(exchange().chain.now)), expected);
  });
});

/** 1,234.56789 USD or so at every exponent: what is finer than 1e-8 is cut off the price and added to the confidence. */
const exponents = Array.from({ length: 19 }, (_, i) => -i);
const mantissa = 123_456_789_012_345_678n;

describe('every exponent from −18 to 0', () => {
  it.each(exponents)('%i: price and average down, confidence up, exactly', async (exponent) => {
    const digits = 10n ** BigInt(Math.max(0, -8 - exponent));
    const scale = 10n ** BigInt(Math.max(0, exponent + 8));
    // The largest that fits u64 at 1e-8, so that coarse exponents are tried too.
    const price = scale > 1n ? u64Max / scale : mantissa;
    const [emaPrice, conf] = [price - 7n, price / 1_000n + 1n];
    const down = (value: bigint): bigint => (value * scale) / digits;
    const up = (value: bigint): bigint => (value * scale + digits - 1n) / digits;
    const expected = { price: down(price), conf: up(conf), ema: down(emaPrice) };
    await expectBoth(accountWith(exchange(), { exponent, price, emaPrice, conf }), expected);
  });

  it.each([-19, 1, 127, -128, 2 ** 31 - 1, -(2 ** 31)])('%i is refused', async (exponent) => {
    await expectBoth(accountWith(exchange(), { exponent }), 'OracleExponent');
  });

  it.each([
    ['the largest that fits', { exponent: 0, price: u64Max / 10n ** 8n, emaPrice: 1n }, 'accepted'],
    ['one more', { exponent: 0, price: u64Max / 10n ** 8n + 1n, emaPrice: 1n }, 'OraclePriceOutOfRange'],
    ['an average one more', { exponent: 0, price: 1n, emaPrice: u64Max / 10n ** 8n + 1n }, 'OraclePriceOutOfRange'],
    ['a confidence that does not fit', { exponent: 0, price: 1n, emaPrice: 1n, conf: u64Max }, 'OraclePriceOutOfRange'],
    ['the smallest that is not zero', { exponent: -18, price: 10n ** 10n, emaPrice: 10n ** 10n }, inUnits(1n)],
    ['just below it', { exponent: -18, price: 10n ** 10n - 1n, emaPrice: 10n ** 10n }, 'OraclePriceOutOfRange'],
    ['an average below it', { exponent: -18, price: 10n ** 10n, emaPrice: 10n ** 10n - 1n }, 'OraclePriceOutOfRange'],
  ] as const)('%s', async (_what, changes, expected) => {
    await expectBoth(accountWith(exchange(), changes), expected);
  });
});

describe('the bytes of the account', () => {
  const full = () => accountWith(exchange(), { postedSlot: 7n });
  const partial = () => accountWith(exchange(), { verification: { kind: 'partial', signatures: 5 } });

  it('of a full verification, cut at any length below 133, are no price; 133 and more are', async () => {
    for (let length = 0; length < 133; length += 1) await expectBoth(full().subarray(0, length), 'OracleMalformed');
    await expectBoth(full().subarray(0, 133), inUnits(hundred));
  });

  it('of a partial verification, cut at any length below 134, are no price; 134 are', async () => {
    for (let length = 0; length < 134; length += 1) await expectBoth(partial().subarray(0, length), 'OracleMalformed');
    await expectBoth(partial(), inUnits(hundred));
  });

  it('may be followed by others', async () => {
    const longer = new Uint8Array(1_000).fill(0xff);
    longer.set(full());
    await expectBoth(longer, inUnits(hundred));
  });

  it('know no verification level above 1', async () => {
    for (let level = 2; level < 256; level += 1) {
      const data = full();
      data[40] = level;
      await expectBoth(data, 'OracleMalformed');
    }
  });

  it('begin with the discriminator, to the last bit', async () => {
    for (let bit = 0; bit < 64; bit += 1) {
      const data = full();
      data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expectBoth(data, 'OracleMalformed');
    }
  });

  it('name the feed, to the last bit', async () => {
    for (let bit = 0; bit < 256; bit += 1) {
      const data = full();
      const at = 41 + (bit >> 3);
      data[at] = (data[at] ?? 0) ^ (1 << (bit & 7));
      await expectBoth(data, 'OracleWrongFeed');
    }
  });
});

describe('one price per second', () => {
  const other = { price: 55n * 10n ** 8n, emaPrice: 66n * 10n ** 8n, conf: 1n };
  const first = () => accountWith(exchange(), {});

  it('uses the stored price for an equal publish time, whatever else the account says', async () => {
    await expectBoth(first(), inUnits(hundred));
    const publishTime = exchange().chain.now;
    await expectBoth(accountWith(exchange(), { ...other, publishTime }), inUnits(hundred));
    await expectBoth(accountWith(exchange(), { conf: u64Max, publishTime }), inUnits(hundred));
  });

  it('tests what it offers all the same: a wrong feed, too few signatures, no price at all', async () => {
    await expectBoth(first(), inUnits(hundred));
    await expectBoth(accountWith(exchange(), { feedId: '9'.repeat(64) }), 'OracleWrongFeed');
    await expectBoth(accountWith(exchange(), { verification: { kind: 'partial', signatures: 4 } }), 'OracleUnverified');
    await expectBoth(accountWith(exchange(), { price: 0n }), 'OraclePriceOutOfRange');
  });

  it('refuses a second earlier and takes a second later', async () => {
    await expectBoth(first(), inUnits(hundred));
    const now = exchange().chain.now;
    await expectBoth(accountWith(exchange(), { ...other, publishTime: now - 1n }), 'OracleOutOfOrder');
    await expectBoth(accountWith(exchange(), { ...other, publishTime: now + 1n }), {
      price: other.price,
      conf: other.conf,
      ema: other.emaPrice,
    });
  });

  it('tests the stored price for age again, to the second', async () => {
    await expectBoth(first(), inUnits(hundred));
    const publishTime = exchange().chain.now;
    exchange().chain.advance(staleness);
    await expectBoth(accountWith(exchange(), { publishTime }), inUnits(hundred));
    exchange().chain.advance(1n);
    await expectBoth(accountWith(exchange(), { publishTime }), 'OracleStale');
  });
});
