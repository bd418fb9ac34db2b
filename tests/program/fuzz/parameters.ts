/** Parameters of the markets of a world: every feature on, three markets as different as the bounds allow. */
import { RECEIVER } from '#support/program/prices.ts';
import { BASE, USDC } from '#support/program/exchange.ts';
import type { Value } from './codec.ts';
import { Random } from './random.ts';

/** A market's configuration as the program takes it, and what its price follows. */
export interface MarketParameters {
  /** Asset of the recorded day. */
  readonly base: string;
  readonly config: { readonly [name: string]: number | bigint };
  readonly oracle: { readonly [name: string]: Value };
}

const shared = { maxAccrualSeconds: 3_600, kBps: 10_000 };

/** Deep and calm: a 10 % payoff cap, gentle rates. */
const calm = {
  ...shared,
  maxLeverage: 20,
  maintenanceMarginBps: 250,
  liquidationFeeBps: 100,
  keeperShareBps: 2_000,
  liquidationTargetBps: 15_000,
  minLiquidationBps: 1_000,
  keeperRewardMin: 5_000n,
  feeBps: 5,
  poolFeeShareBps: 6_000,
  insuranceFeeShareBps: 2_000,
  payoffCapBps: 1_000,
  weightBps: 4_000,
  maxUtilisationBps: 8_000,
  maxLongOi: 200_000n * BASE,
  maxShortOi: 150_000n * BASE,
  minPositionNotional: 10n * USDC,
  skewScale: 400_000n * BASE,
  maxSkewBps: 5_000,
  fundingSkewScale: 50_000n * BASE,
  maxFundingRate: 5_000_000n,
  borrowBase: 10_000n,
  borrowSlope: 100_000n,
  minSettleQuote: 1_000n,
};

/** High leverage, thin margins, a very low payoff cap: liquidations and capped positions. */
const steep = {
  ...calm,
  maxLeverage: 50,
  maintenanceMarginBps: 100,
  liquidationFeeBps: 40,
  keeperShareBps: 3_000,
  liquidationTargetBps: 11_000,
  minLiquidationBps: 500,
  keeperRewardMin: 20_000n,
  feeBps: 2,
  poolFeeShareBps: 10_000,
  insuranceFeeShareBps: 0,
  kBps: 5_000,
  payoffCapBps: 300,
  weightBps: 3_000,
  maxUtilisationBps: 6_000,
  maxLongOi: 20_000n * BASE,
  maxShortOi: 20_000n * BASE,
  minPositionNotional: 100n * USDC,
  skewScale: 20_000n * BASE,
  maxSkewBps: 10_000,
  fundingSkewScale: 1_000n * BASE,
  maxFundingRate: 50_000_000n,
  borrowSlope: 5_000_000n,
};

/** Little backing, rates at their bounds: unsettled funding, bad debt, payouts that the pool cannot make. */
const stressed = {
  ...calm,
  maxLeverage: 10,
  maintenanceMarginBps: 500,
  liquidationFeeBps: 200,
  keeperShareBps: 9_000,
  liquidationTargetBps: 20_000,
  minLiquidationBps: 2_500,
  keeperRewardMin: 10_000n,
  feeBps: 10,
  poolFeeShareBps: 3_000,
  insuranceFeeShareBps: 3_000,
  kBps: 20_000,
  payoffCapBps: 5_000,
  weightBps: 200,
  maxLongOi: 5_000n * BASE,
  maxShortOi: 5_000n * BASE,
  skewScale: 5_000n * BASE,
  maxSkewBps: 10_000,
  fundingSkewScale: BASE / 50n,
  maxFundingRate: 1_000_000_000n,
  borrowBase: 1_000_000n,
  borrowSlope: 100_000_000n,
  maxAccrualSeconds: 86_400,
  minSettleQuote: 1n,
};

/** Margins so wide that a position in profit can be liquidated: its payout may be more than the pool has. */
const wide = {
  ...stressed,
  maxLeverage: 2,
  maintenanceMarginBps: 4_000,
  liquidationFeeBps: 500,
  keeperShareBps: 5_000,
  liquidationTargetBps: 12_000,
  minLiquidationBps: 10_000,
  payoffCapBps: 10_000,
};

const oracleOf = (
  index: number,
  staleness: number,
  confidence: number,
  divergence: number,
): MarketParameters['oracle'] => ({
  receiverProgram: RECEIVER.toBase58(),
  priceAccount: '',
  feedId: Array.from(Buffer.alloc(32, index + 1)),
  minSignatures: 5,
  maxStalenessSeconds: staleness,
  maxConfidenceBps: confidence,
  maxEmaDivergenceBps: divergence,
});

const noRates = { maxFundingRate: 0n, borrowBase: 0n, borrowSlope: 0n };

/** Markets of a world, by index; the fourth is created only where a sequence does it. */
export function marketParameters(seed: number, still: boolean): readonly MarketParameters[] {
  const random = new Random(seed ^ 0x5eed);
  // What decides most about a world varies between worlds.
  const payoffCap = random.pick([300, 1_000, 10_000]);
  const minLiquidationBps = random.pick([1, 500, 10_000]);
  const fundingOn = random.chance(85);
  const markets: MarketParameters[] = [
    {
      base: 'SOL',
      config: { ...calm, payoffCapBps: random.pick([500, 1_000, 10_000]) },
      oracle: oracleOf(0, 60, 500, 1_500),
    },
    {
      base: 'ETH',
      config: { ...steep, payoffCapBps: payoffCap, minLiquidationBps },
      oracle: oracleOf(1, 30, 300, 3_000),
    },
    {
      base: 'BTC',
      config: {
        ...(random.chance(40) ? wide : stressed),
        maxFundingRate: fundingOn ? stressed.maxFundingRate : 0n,
        weightBps: random.pick([50, 200, 1_000]),
      },
      oracle: oracleOf(2, 60, 400, 10_000),
    },
    { base: 'SOL', config: { ...calm, weightBps: 500 }, oracle: oracleOf(3, 60, 500, 1_500) },
  ];
  return still ? markets.map((market) => ({ ...market, config: { ...market.config, ...noRates } })) : markets;
}
