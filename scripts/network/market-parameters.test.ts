import { expect, test } from 'vitest';
import { MARKETS, type MarketSymbol } from '#shared/markets.ts';
import { bps, price, quote, rate, size, type Quote } from '#shared/money/units.ts';
import { borrowRate } from '#shared/perps/borrow.ts';
import { brokenConfigRules } from '#shared/perps/config.ts';
import { fundingRate } from '#shared/perps/funding.ts';
import { impact } from '#shared/perps/impact.ts';
import { liquidationAmount } from '#shared/perps/liquidation.ts';
import type { MarketConfig, OracleConfig } from '#shared/perps/types.ts';
import { loadTape } from '../../local/tape/tape.ts';
import { newKeys } from '../../local/supervisor/keys.ts';
import { localVariables } from '../../local/bootstrap/bootstrap.ts';
import { camelCase } from '../../workers/chain/plain-value.ts';
import { readNetworkFile } from './network-file.ts';

/** The least a mainnet build asks borrow to be at full utilisation: BORROW_RATE_MIN_MAINNET of the program. */
const borrowRateMinMainnet = 10_000n;
const dollar = 1_000_000n;

const symbols = MARKETS.map(({ symbol }) => symbol);
const tape = loadTape();

/** The price at the start of the tape, 1e-8 USD. */
function tapePrice(symbol: MarketSymbol) {
  const base = MARKETS.find((market) => market.symbol === symbol)?.base ?? '';
  return price(BigInt(Math.round((tape.bars.get(base)?.[0]?.open ?? 0) * 1e8)));
}

const keys = newKeys();
const local = readNetworkFile('networks/localnet.toml', localVariables({ rpcUrl: 'http://127.0.0.1:8899', keys }));
const poolSeed = local.pool?.seed ?? 0n;

const mathForm = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), typeof value === 'number' ? BigInt(value) : value]),
  );

const marketOf = (symbol: MarketSymbol) => {
  const market = local.markets.find(({ definition }) => definition.symbol === symbol);
  if (market === undefined) throw new Error(`the local network has no ${symbol}`);
  return market;
};
const configOf = (symbol: MarketSymbol) => mathForm(marketOf(symbol).config.values) as unknown as MarketConfig;
const oracleOf = (symbol: MarketSymbol) => mathForm(marketOf(symbol).oracle.values) as unknown as OracleConfig;

const sizeOf = (dollars: bigint, symbol: MarketSymbol) => size((dollars * 10n ** 16n) / tapePrice(symbol));
const backingOf = (symbol: MarketSymbol): Quote => quote((poolSeed * configOf(symbol).weightBps) / 10_000n);

test.each(symbols)('%s: the parameters are within the bounds of the program', (symbol) => {
  expect(brokenConfigRules(configOf(symbol), oracleOf(symbol))).toEqual([]);
  expect(symbols.reduce((sum, each) => sum + configOf(each).weightBps, 0n)).toBeLessThanOrEqual(10_000n);
});

test.each(symbols)('%s: 100,000 USD against a balanced market pay 0.5 to 3 bps of impact', (symbol) => {
  const { skewScale, maxSkewBps } = configOf(symbol);
  const delta = sizeOf(100_000n, symbol);
  const charged = impact({ price: tapePrice(symbol), skew: 0n, delta, skewScale, maxSkewBps, reducing: false });
  expect(charged).toBeGreaterThan(5n * dollar);
  expect(charged).toBeLessThan(30n * dollar);
});

test.each(symbols)('%s: funding is at its highest exactly where the market refuses more skew', (symbol) => {
  const { skewScale, maxSkewBps, fundingSkewScale, maxFundingRate } = configOf(symbol);
  const skewMax = (skewScale * maxSkewBps) / 10_000n;
  expect(fundingSkewScale).toBe(skewMax);
  expect(fundingRate(skewMax, fundingSkewScale, maxFundingRate)).toBe(maxFundingRate);
  expect(fundingRate(skewMax - 10n ** 8n, fundingSkewScale, maxFundingRate)).toBeLessThan(maxFundingRate);
});

test.each(symbols)('%s: borrow at full utilisation keeps liquidity providers in', (symbol) => {
  const { borrowBase, borrowSlope, maxUtilisationBps } = configOf(symbol);
  const full = borrowRate(borrowBase, borrowSlope, quote(maxUtilisationBps), quote(10_000n));
  expect(full).toBeGreaterThanOrEqual(rate(borrowRateMinMainnet));
});

test.each(symbols)('%s: the skew limit is worth about the backing, and the seed can reserve it', (symbol) => {
  const { fundingSkewScale, payoffCapBps, maxUtilisationBps } = configOf(symbol);
  const exposure = (fundingSkewScale * tapePrice(symbol)) / 10n ** 10n;
  const backing = backingOf(symbol);
  expect(exposure * 10n).toBeGreaterThan(backing * 10n);
  expect(exposure * 10n).toBeLessThan(backing * 15n);
  expect((exposure * payoffCapBps) / 10_000n).toBeLessThan((backing * maxUtilisationBps) / 10_000n);
});

test('a position that has just become liquidatable loses a third, not all', () => {
  const config = configOf('SOL-PERP');
  const at = tapePrice('SOL-PERP');
  const held = size(100n * 10n ** 8n);
  // Equity one unit below the maintenance margin, all of it margin: the entry is at the price.
  const margin = quote((held * at * config.maintenanceMarginBps) / 10n ** 14n - 1n);
  const position = {
    side: 'long' as const,
    size: held,
    entryValue: (held * at) as never,
    margin,
    reserve: quote(0n),
    fundingSum: 0n as never,
    borrowSum: 0n as never,
    seq: 1n,
    payoutOwed: quote(0n),
  };
  const taken = liquidationAmount(position, { fundingIndex: 0n as never, borrowIndex: 0n as never }, at, config);
  expect(taken * 3n).toBeGreaterThan(held);
  expect(taken * 100n).toBeLessThan(held * 34n);
  expect(bps((taken * 10_000n) / held)).toBeGreaterThan(config.minLiquidationBps);
});

test('the outflow window lets a trader of the faucet out, and not the whole pool', () => {
  const outflow = local.governed.outflow_limits.values;
  expect(outflow.cap).toBeLessThan(poolSeed);
  expect(outflow.floor).toBe(10_000n * dollar);
});
