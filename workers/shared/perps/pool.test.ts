import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { FINE_VALUE_PER_QUOTE, bps, entryValue, indexValue, price, quote, size } from '../money/units.ts';
import { type PricedMarket, firstMintShares, mintShares, poolEquity, redeemPayout, sidePnl } from './pool.ts';
import { EMPTY_TOTALS } from './side.ts';
import type { MarketState } from './types.ts';

const ONE = 10n ** 8n;
const USDC = 10n ** 6n;
const indexes = { fundingIndex: indexValue(0n), borrowIndex: indexValue(0n) };
/** 10 base units opened at 100 USD with 50 of margin and 200 of reserve. */
const totals = {
  ...EMPTY_TOTALS,
  size: size(10n * ONE),
  entryValue: entryValue(10n * 100n * 10n ** 16n),
  margin: quote(50n * USDC),
  reserve: quote(200n * USDC),
};
const marketWith = (change: Partial<MarketState>): MarketState =>
  ({
    config: { kBps: bps(10_000n) },
    ...indexes,
    long: EMPTY_TOTALS,
    short: EMPTY_TOTALS,
    backing: quote(1_000n * USDC),
    insuranceDebt: quote(0n),
    payoutsOwed: quote(0n),
    ...change,
  }) as MarketState;
const priced = (market: MarketState, at: bigint, conf = 0n): PricedMarket => ({
  market,
  oracle: { price: price(at), conf: price(conf), ema: price(at), publishTime: 1n },
});

test('traders take out their profit, uncapped for who redeems and within the reserves for who mints', () => {
  const at = price(150n * ONE);
  expect(sidePnl('redeem', 'long', totals, indexes, at)).toBe(500n * USDC * FINE_VALUE_PER_QUOTE);
  expect(sidePnl('mint', 'long', totals, indexes, at)).toBe(200n * USDC * FINE_VALUE_PER_QUOTE);
});

test('traders lose at most their margins', () => {
  for (const operation of ['mint', 'redeem'] as const) {
    expect(sidePnl(operation, 'long', totals, indexes, price(50n * ONE))).toBe(-50n * USDC * FINE_VALUE_PER_QUOTE);
  }
});

test('the pool owns its assets minus what it owes to insurance, waiting traders and positions', () => {
  const market = marketWith({ long: totals, insuranceDebt: quote(7n * USDC), payoutsOwed: quote(3n * USDC) });
  expect(poolEquity('redeem', quote(100n * USDC), [priced(market, 110n * ONE)])).toBe(990n * USDC);
});

test('of the prices around the spread the worst for who comes or goes counts', () => {
  const market = marketWith({ long: totals });
  const around = [priced(market, 100n * ONE, ONE)];
  expect(poolEquity('mint', quote(0n), around)).toBe(1_010n * USDC);
  expect(poolEquity('redeem', quote(0n), around)).toBe(990n * USDC);
});

test('a fraction of a quote unit rounds up for who mints and down for who redeems', () => {
  const dust = { ...totals, entryValue: entryValue(totals.entryValue + 1n) };
  const priced100 = [priced(marketWith({ long: dust }), 100n * ONE)];
  expect(poolEquity('mint', quote(0n), priced100)).toBe(1_000n * USDC + 1n);
  expect(poolEquity('redeem', quote(0n), priced100)).toBe(1_000n * USDC);
});

test('minting never counts the pool poorer than redeeming', () => {
  const property = fc.property(
    fc.bigInt(1n, 300n * ONE),
    fc.bigInt(0n, ONE),
    fc.bigInt(0n, 20n),
    (at, conf, shortUnits) => {
      const short = { ...totals, size: size(shortUnits * ONE + 1n) };
      const around = [priced(marketWith({ long: totals, short }), at, conf)];
      expect(poolEquity('mint', quote(5n), around)).toBeGreaterThanOrEqual(poolEquity('redeem', quote(5n), around));
    },
  );
  fc.assert(property, search());
});

test('minting and redeeming at once never profits and never dilutes who stays', () => {
  const amount = fc.bigInt(1n, 10n ** 9n);
  const property = fc.property(amount, amount, amount, (deposit, supply, equity) => {
    if (deposit * supply < equity) return;
    const shares = mintShares(quote(deposit), supply, quote(equity));
    const payout = redeemPayout(shares, supply + shares, quote(equity + deposit), bps(0n));
    expect(payout).toBeLessThanOrEqual(deposit);
    expect((equity + deposit) * supply).toBeGreaterThanOrEqual(equity * (supply + shares));
  });
  fc.assert(property, search());
});

test('the first deposit locks 1 USDC of shares', () => {
  expect(firstMintShares(quote(5n * USDC))).toBe(4n * USDC);
  expect(() => firstMintShares(quote(USDC))).toThrow('exceed the shares it locks');
});
