import type { MarketSymbol } from '#shared/markets.ts';

const usdc = (whole: bigint) => whole * 1_000_000n;
const base = (whole: bigint) => whole * 100_000_000n;

/** Parameters of one market at its creation, in the program's units (names are the program's, camelCased). */
export interface MarketParameters {
  readonly maxLeverage: number;
  readonly maintenanceMarginBps: number;
  readonly liquidationFeeBps: number;
  readonly keeperShareBps: number;
  readonly liquidationTargetBps: number;
  readonly minLiquidationBps: number;
  readonly keeperRewardMin: bigint;
  readonly feeBps: number;
  readonly poolFeeShareBps: number;
  readonly insuranceFeeShareBps: number;
  readonly kBps: number;
  readonly payoffCapBps: number;
  readonly weightBps: number;
  readonly maxUtilisationBps: number;
  readonly maxLongOi: bigint;
  readonly maxShortOi: bigint;
  readonly minPositionNotional: bigint;
  readonly skewScale: bigint;
  readonly maxSkewBps: number;
  readonly fundingSkewScale: bigint;
  readonly maxFundingRate: bigint;
  readonly borrowBase: bigint;
  readonly borrowSlope: bigint;
  readonly maxAccrualSeconds: number;
  readonly minSettleQuote: bigint;
}

/** What all markets share. Dollar figures in these comments are at the prices of the tape and with the pool as seeded below. */
const common = {
  // Half of the initial margin at the highest leverage, as on the large order-book venues.
  maxLeverage: 50,
  maintenanceMarginBps: 100,

  // Of what is liquidated. Half to whoever does it; the other half is four times the trading fee, so that being liquidated is
  // never cheaper than closing.
  liquidationFeeBps: 50,
  keeperShareBps: 5_000,
  // A liquidation stops at 1.25 times the maintenance margin: a third of a position that has just crossed the line, more the further it
  // is past it. Room for a quarter more of the margin keeps the next tick from liquidating it again.
  liquidationTargetBps: 12_500,
  // At least a fifth, so that a position is not shaved in steps that are not worth a transaction.
  minLiquidationBps: 2_000,
  // The fee of the smallest position, the most the program allows; about ten times what the transaction costs.
  keeperRewardMin: 6_000n,

  feeBps: 6,
  poolFeeShareBps: 7_000,
  insuranceFeeShareBps: 1_000,
  // Half of the confidence to each side: a round trip pays one confidence interval's half-width, about 2 bps in quiet hours.
  kBps: 5_000,

  // The most a position can win is half of its entry notional: 25 times the margin at full leverage. Every winner's payoff is held back
  // in full, so a cap of 10,000 would halve what the pool can carry for the sake of price moves beyond ±50 % within one position. Who is
  // there is closed at the price without fee or impact, and may open again.
  payoffCapBps: 5_000,
  // A fifth of the backing stays free for funding receipts and for the roundings of many payouts.
  maxUtilisationBps: 8_000,
  minPositionNotional: usdc(10n),

  // 0.01 % per hour (88 % per year) at the skew limit, in proportion below it: within what order-book venues pay in a one-sided market,
  // and enough to make the other side worth taking long before the limit.
  maxFundingRate: 100_000n,
  // 0.0005 % per hour (4 % per year) on an idle market, 0.0045 % (39 % per year) at full utilisation: the range in which lending pools
  // and pool exchanges price their capital. A mainnet build asks for at least 0.001 % there.
  borrowBase: 5_000n,
  borrowSlope: 50_000n,
  // The sweep settles every market each minute; an hour without it is an outage that nobody should pay for.
  maxAccrualSeconds: 3_600,
  // Below a dollar, settling moves less than it is worth.
  minSettleQuote: usdc(1n),
} as const;

/**
 * Per market: depth, limits of skew and open interest, the share of the pool.
 *
 * Impact. `skewScale` is the skew at which the marginal price impact would be the whole price. A trade of 100,000 USD against a balanced
 * market pays half of size / skewScale: 2.0 bps in SOL, 0.9 in BTC, 1.6 in ETH, in the order of their books' depth.
 *
 * Skew. The pool is the other side of it. `maxSkewBps` of `skewScale` is about what the market's backing is worth (16,000 SOL, 20 BTC,
 * 720 ETH: 1.9 to 2.4 million USD), so the pool never takes a one-sided exposure beyond about its own money. There the marginal impact
 * is 1 %, 0.4 %, 0.6 %, and funding reaches its highest rate (`fundingSkewScale` is that skew).
 *
 * Open interest. Twice and more per side of what the seed can reserve for both: the reserve binds first, the limit is for a pool that
 * has grown.
 */
export const MARKET_PARAMETERS: Readonly<Record<MarketSymbol, MarketParameters>> = {
  'SOL-PERP': {
    ...common,
    weightBps: 4_000,
    skewScale: base(1_600_000n),
    maxSkewBps: 100,
    fundingSkewScale: base(16_000n),
    maxLongOi: base(50_000n),
    maxShortOi: base(50_000n),
  },
  'BTC-PERP': {
    ...common,
    weightBps: 3_000,
    skewScale: base(5_000n),
    maxSkewBps: 40,
    fundingSkewScale: base(20n),
    maxLongOi: base(50n),
    maxShortOi: base(50n),
  },
  'ETH-PERP': {
    ...common,
    weightBps: 3_000,
    skewScale: base(120_000n),
    maxSkewBps: 60,
    fundingSkewScale: base(720n),
    maxLongOi: base(2_000n),
    maxShortOi: base(2_000n),
  },
};

/** Oracle acceptance of every local market. */
export const ORACLE_PARAMETERS = {
  minSignatures: 5,
  maxStalenessSeconds: 30,
  maxConfidenceBps: 100,
  maxEmaDivergenceBps: 1_000,
} as const;

/** What the pool starts with, 1e-6 USDC. */
export const POOL_SEED = usdc(5_000_000n);

/**
 * What may leave the vault, net of what came in, and what nobody can be kept from taking. 40 % of the seeded pool in a day: a thief who
 * holds every key takes no more, and every trader of a test network gets his money at once. The floor is the faucet's whole gift.
 */
export const OUTFLOW_LIMITS = {
  cap: usdc(2_000_000n),
  windowSeconds: 86_400,
  floor: usdc(10_000n),
} as const;
