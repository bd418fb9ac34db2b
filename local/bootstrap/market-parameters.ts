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

const common = {
  maxLeverage: 50,
  maintenanceMarginBps: 100,
  liquidationFeeBps: 50,
  keeperShareBps: 5_000,
  liquidationTargetBps: 12_500,
  // Every liquidation takes the whole position.
  minLiquidationBps: 10_000,
  keeperRewardMin: 6_000n,
  feeBps: 6,
  poolFeeShareBps: 7_000,
  insuranceFeeShareBps: 1_000,
  kBps: 5_000,
  payoffCapBps: 10_000,
  maxUtilisationBps: 8_000,
  minPositionNotional: usdc(10n),
  // Impact, funding and borrow are off.
  skewScale: 0n,
  maxSkewBps: 0,
  fundingSkewScale: 0n,
  maxFundingRate: 0n,
  borrowBase: 0n,
  borrowSlope: 0n,
  maxAccrualSeconds: 3_600,
  minSettleQuote: usdc(1n),
} as const;

export const MARKET_PARAMETERS: Readonly<Record<MarketSymbol, MarketParameters>> = {
  'SOL-PERP': { ...common, weightBps: 4_000, maxLongOi: base(50_000n), maxShortOi: base(50_000n) },
  'BTC-PERP': { ...common, weightBps: 3_000, maxLongOi: base(50n), maxShortOi: base(50n) },
  'ETH-PERP': { ...common, weightBps: 3_000, maxLongOi: base(2_000n), maxShortOi: base(2_000n) },
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
