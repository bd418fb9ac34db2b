import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { type MarketConfig, type OracleConfig, TestExchange, USDC, must } from '#support/program/exchange.ts';
import { bn, plain } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest({ liquidity: 0n });

describe('create_market', () => {
  it('takes the next index and reserves its weight in the pool', async () => {
    const { sent, market } = await exchange().createMarket({ weightBps: 4_000 });
    const created = eventOf(must(sent), 'marketCreated');
    expect(created.marketIndex).toBe(1);
    expect(created.market).toBe(market.key.toBase58());
    expect(Buffer.from(created.symbol).toString().replaceAll('\0', '')).toBe('TEST1-PERP');
    const pool = exchange().chain.fetch('pool', addresses.pool);
    expect(pool.weightBps.slice(0, 3)).toEqual([3_000, 4_000, 0]);
    const state = exchange().marketState(market);
    expect([state.index, state.config.weightBps, state.accruedAt]).toEqual([1, 4_000, exchange().chain.now]);
  });

  it('obeys nobody but the admin', async () => {
    const { sent } = await exchange().createMarket({}, {}, exchange().keeper);
    expect(sent.error).toBe('NotAdmin');
  });

  it('refuses weights that together exceed the pool', async () => {
    expect((await exchange().createMarket({ weightBps: 7_001 })).sent.error).toBe('WeightsExceeded');
    expect((await exchange().createMarket({ weightBps: 7_000 })).sent.error).toBeNull();
  });

  it('refuses a seventeenth market', async () => {
    for (let index = 1; index < 16; index += 1) must((await exchange().createMarket({ weightBps: 0 })).sent);
    expect((await exchange().createMarket({ weightBps: 0 })).sent.error).toBe('TooManyMarkets');
  });

  it.each<[string, Partial<MarketConfig>]>([
    ['no leverage', { maxLeverage: 0 }],
    ['leverage above 100', { maxLeverage: 101, maintenanceMarginBps: 60, liquidationFeeBps: 50, keeperShareBps: 0 }],
    ['a liquidation fee that reaches the maintenance margin', { liquidationFeeBps: 250 }],
    ['a maintenance margin of everything', { maxLeverage: 1, maintenanceMarginBps: 10_000 }],
    ['a maintenance margin that reaches the initial one', { maxLeverage: 40 }],
    ['a liquidation target that restores nothing', { liquidationTargetBps: 10_000 }],
    ['a liquidation target above the notional', { liquidationTargetBps: 400_001 }],
    ['a smallest liquidation of nothing', { minLiquidationBps: 0 }],
    ['a smallest liquidation above everything', { minLiquidationBps: 10_001 }],
    ['a keeper share above everything', { keeperShareBps: 10_001 }],
    ['a liquidation cheaper than a close', { keeperShareBps: 9_501 }],
    ['a reward that could be farmed', { keeperRewardMin: bn(5_001n) }],
    ['a trading fee above 1 %', { feeBps: 101 }],
    ['fee shares above everything', { poolFeeShareBps: 8_001 }],
    ['no payoff', { payoffCapBps: 0 }],
    ['a payoff above the entry notional', { payoffCapBps: 10_001 }],
    ['a weight above everything', { weightBps: 10_001 }],
    ['no utilisation', { maxUtilisationBps: 0 }],
    ['utilisation above 80 %', { maxUtilisationBps: 8_001 }],
    ['no smallest position', { minPositionNotional: bn(0n), keeperRewardMin: bn(0n) }],
    ['no room for longs', { maxLongOi: bn(0n) }],
    ['no room for shorts', { maxShortOi: bn(0n) }],
    ['open interest beyond the skew scale', { skewScale: bn(1n) }],
    ['a rate above 100 % per hour', { borrowBase: bn(1_000_000_001n) }],
    ['a negative rate', { borrowSlope: bn(-1n) }],
    ['funding without a skew scale', { maxFundingRate: bn(1n) }],
    ['accruals above a day', { maxAccrualSeconds: 86_401 }],
    ['a spread that could reach the price', { kBps: 200_000 }],
    ['a settlement threshold beyond any balance', { minSettleQuote: bn(10n ** 18n + 1n) }],
  ])('refuses %s', async (_what, changes) => {
    expect((await exchange().createMarket(changes)).sent.error).toBe('InvalidConfig');
  });

  it.each<[string, Partial<OracleConfig>]>([
    ['no receiver', { receiverProgram: PublicKey.default }],
    ['no price account', { priceAccount: PublicKey.default }],
    ['no feed', { feedId: Array.from({ length: 32 }, () => 0) }],
    ['unsigned updates', { minSignatures: 0 }],
    ['no time to use a price', { maxStalenessSeconds: 0 }],
    ['prices older than a minute', { maxStalenessSeconds: 61 }],
    ['no confidence at all', { maxConfidenceBps: 0 }],
    ['no distance from the average', { maxEmaDivergenceBps: 0 }],
  ])('refuses an oracle with %s', async (_what, changes) => {
    expect((await exchange().createMarket({}, changes)).sent.error).toBe('InvalidConfig');
  });

  it.each<[string, Partial<MarketConfig>]>([
    ['impact', { skewScale: bn(10n ** 18n) }],
    ['funding', { maxFundingRate: bn(1n), fundingSkewScale: bn(1n) }],
    ['a base borrow rate', { borrowBase: bn(1n) }],
    ['a borrow slope', { borrowSlope: bn(1n) }],
    ['partial liquidation', { minLiquidationBps: 1 }],
    ['a payoff cap below the entry notional', { payoffCapBps: 1 }],
  ])('switches on %s', async (_what, changes) => {
    const { sent, market } = await exchange().createMarket(changes);
    must(sent);
    expect(exchange().marketState(market).config).toMatchObject(plain(changes));
  });
});

it('a position opened at the highest leverage of any allowed market is not liquidatable at once', async () => {
  const steep = { maxLeverage: 100, maintenanceMarginBps: 99, liquidationFeeBps: 50, keeperShareBps: 0, feeBps: 5 };
  const own = await TestExchange.create({ config: steep, liquidity: 1_000_000n * USDC });
  const trader = await own.trader();
  must(await own.open(trader, { leverageE2: 10_000 }));
  expect((await own.liquidate(trader)).error).toBe('NotLiquidatable');
});
