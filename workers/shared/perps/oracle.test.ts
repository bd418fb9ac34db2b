import { expect, test } from 'vitest';
import { bps, price } from '../money/units.ts';
import type { PerpErrorName } from './errors.ts';
import type { PerpError } from './errors.ts';
import {
  acceptPrice,
  acceptUpdate,
  checkMayOpen,
  checkMayRemoveMargin,
  checkNearEma,
  checkPublishTime,
  normalisePrice,
} from './oracle.ts';
import type { PriceUpdate } from './price-update.ts';
import type { MarketStatus, OracleConfig, OraclePrice } from './types.ts';

const config: OracleConfig = {
  receiverProgram: 'receiver',
  priceAccount: 'account',
  feedId: 'ab'.repeat(32),
  minSignatures: 5,
  maxStalenessSeconds: 30n,
  maxConfidenceBps: bps(100n),
  maxEmaDivergenceBps: bps(200n),
};
const now = 1_000n;
const update: PriceUpdate = {
  writeAuthority: new Uint8Array(32),
  verification: { kind: 'full' },
  feedId: config.feedId,
  price: 10_000_000_000n,
  conf: 100_000_000n,
  exponent: -8,
  publishTime: now,
  prevPublishTime: now - 1n,
  emaPrice: 10_000_000_000n,
  emaConf: 0n,
  postedSlot: 1n,
};
const accepted: OraclePrice = {
  price: price(10n ** 10n),
  conf: price(10n ** 8n),
  ema: price(10n ** 10n),
  publishTime: now,
};

function refusal(action: () => unknown): PerpErrorName | 'accepted' {
  try {
    action();
    return 'accepted';
  } catch (error) {
    return (error as PerpError).code;
  }
}

const refusalOf = (change: Partial<PriceUpdate>, last: OraclePrice | null = null) =>
  refusal(() => acceptUpdate({ ...update, ...change }, config, last, now));

test('a good update becomes the price', () => {
  expect(acceptUpdate(update, config, null, now)).toEqual(accepted);
});

test.each([
  ['another feed', { feedId: 'cd'.repeat(32) }, 'OracleWrongFeed'],
  ['too few signatures', { verification: { kind: 'partial', signatures: 4 } }, 'OracleUnverified'],
  ['exactly enough signatures', { verification: { kind: 'partial', signatures: 5 } }, 'accepted'],
  ['an exponent below -18', { exponent: -19 }, 'OracleExponent'],
  ['an exponent above 0', { exponent: 1 }, 'OracleExponent'],
  ['a price of zero', { price: 0n }, 'OraclePriceOutOfRange'],
  ['a negative price', { price: -1n }, 'OraclePriceOutOfRange'],
  ['an average of zero', { emaPrice: 0n }, 'OraclePriceOutOfRange'],
  ['a price below 1e-8 USD', { exponent: -18, price: 9_999_999_999n, conf: 0n }, 'OraclePriceOutOfRange'],
  ['a price beyond u64', { exponent: 0, price: 10n ** 12n, conf: 0n }, 'OraclePriceOutOfRange'],
  ['the oldest acceptable price', { publishTime: now - 30n }, 'accepted'],
  ['one second older', { publishTime: now - 31n }, 'OracleStale'],
  ['5 seconds ahead', { publishTime: now + 5n }, 'accepted'],
  ['6 seconds ahead', { publishTime: now + 6n }, 'OracleFuture'],
  ['the widest confidence', { conf: 100_000_000n }, 'accepted'],
  ['one unit wider', { conf: 100_000_001n }, 'OracleUncertain'],
] as const)('%s: %s is %s', (_title, change, expected) => {
  expect(refusalOf(change)).toBe(expected);
});

test('prices are normalised down, confidence up', () => {
  const fine = { ...update, exponent: -10, price: 1_234_567n, emaPrice: 1_234_599n, conf: 101n };
  expect(normalisePrice(fine)).toMatchObject({ price: 12_345n, ema: 12_345n, conf: 2n });
  expect(normalisePrice({ ...update, exponent: -5, price: 7n, emaPrice: 8n, conf: 1n })).toMatchObject({
    price: 7_000n,
    ema: 8_000n,
    conf: 1_000n,
  });
});

test('an older update than the last accepted is refused', () => {
  expect(refusalOf({ publishTime: now - 1n }, accepted)).toBe('OracleOutOfOrder');
});

test('an update of the same second gives the stored price, whatever it says, tested for age again', () => {
  expect(acceptUpdate({ ...update, price: 9n * 10n ** 9n }, config, accepted, now)).toBe(accepted);
  expect(refusal(() => acceptUpdate(update, config, accepted, now + 31n))).toBe('OracleStale');
});

test('only the account of the market, owned by the receiver, counts', () => {
  const account = { address: 'account', owner: 'receiver', update };
  expect(acceptPrice(account, config, null, now)).toEqual(accepted);
  expect(refusal(() => acceptPrice({ ...account, owner: 'other' }, config, null, now))).toBe('OracleWrongAccount');
  expect(refusal(() => acceptPrice({ ...account, address: 'other' }, config, null, now))).toBe('OracleWrongAccount');
});

test('a price far from its average takes no risk', () => {
  expect(refusal(() => checkNearEma({ ...accepted, price: price(10_200_000_000n) }, config))).toBe('accepted');
  expect(refusal(() => checkNearEma({ ...accepted, price: price(10_200_000_001n) }, config))).toBe('OracleDivergent');
  expect(refusal(() => checkNearEma({ ...accepted, price: price(9_800_000_000n) }, config))).toBe('accepted');
  expect(refusal(() => checkNearEma({ ...accepted, price: price(9_799_999_999n) }, config))).toBe('OracleDivergent');
});

test('reduce-only markets open nothing, halted ones also give no margin back', () => {
  const opens = (status: MarketStatus): string => refusal(() => checkMayOpen({ status, oracle: config }, accepted));
  const gives = (status: MarketStatus): string =>
    refusal(() => checkMayRemoveMargin({ status, oracle: config }, accepted));
  expect([opens('active'), opens('reduce_only'), opens('halted')]).toEqual([
    'accepted',
    'MarketReduceOnly',
    'MarketHalted',
  ]);
  expect([gives('active'), gives('reduce_only'), gives('halted')]).toEqual(['accepted', 'accepted', 'MarketHalted']);
});

test('a trade takes no price older than it states', () => {
  expect(refusal(() => checkPublishTime(accepted, now))).toBe('accepted');
  expect(refusal(() => checkPublishTime(accepted, now + 1n))).toBe('PriceTooEarly');
});
