import { bps, entryValue, fineValue, indexValue, price, quote, rate, size } from '#shared/money/units.ts';
import type { MarketState, OraclePrice, PositionState, Side, SideTotals } from '#shared/perps/types.ts';

const emptySide: SideTotals = {
  size: size(0n),
  entryValue: entryValue(0n),
  margin: quote(0n),
  reserve: quote(0n),
  fundingSum: fineValue(0n),
  borrowSum: fineValue(0n),
};

/** A market with a maintenance margin of 2.5 % and whatever indexes a test wants. */
export function sampleMarket(indexes: { funding?: bigint; borrow?: bigint } = {}): MarketState {
  return {
    status: 'active',
    oracle: {
      receiverProgram: '',
      priceAccount: '',
      feedId: '',
      minSignatures: 5,
      maxStalenessSeconds: 30n,
      maxConfidenceBps: bps(100n),
      maxEmaDivergenceBps: bps(500n),
    },
    config: {
      maxLeverage: 20n,
      maintenanceMarginBps: bps(250n),
      liquidationFeeBps: bps(50n),
      keeperShareBps: bps(5_000n),
      liquidationTargetBps: bps(20_000n),
      minLiquidationBps: bps(10_000n),
      keeperRewardMin: quote(0n),
      feeBps: bps(5n),
      poolFeeShareBps: bps(7_000n),
      insuranceFeeShareBps: bps(1_000n),
      kBps: bps(10_000n),
      payoffCapBps: bps(10_000n),
      weightBps: bps(3_000n),
      maxUtilisationBps: bps(8_000n),
      maxLongOi: size(10n ** 16n),
      maxShortOi: size(10n ** 16n),
      minPositionNotional: quote(1_000_000n),
      skewScale: size(0n),
      maxSkewBps: bps(10_000n),
      fundingSkewScale: size(0n),
      maxFundingRate: rate(0n),
      borrowBase: rate(0n),
      borrowSlope: rate(0n),
      maxAccrualSeconds: 86_400n,
      minSettleQuote: quote(1n),
    },
    price: null,
    fundingIndex: indexValue(indexes.funding ?? 0n),
    borrowIndex: indexValue(indexes.borrow ?? 0n),
    accruedAt: 0n,
    long: emptySide,
    short: emptySide,
    backing: quote(10n ** 12n),
    insuranceAccrued: quote(0n),
    treasuryAccrued: quote(0n),
    insuranceDebt: quote(0n),
    payoutsOwed: quote(0n),
    badDebt: quote(0n),
    badDebtUncovered: quote(0n),
    feesCollected: quote(0n),
  };
}

export const samplePrice = (value: bigint, publishTime = 1_000n): OraclePrice => ({
  price: price(value),
  conf: price(value / 10_000n),
  ema: price(value),
  publishTime,
});

/** A position entered at `entry` (1e-8 USD) with `margin` (1e-6 USDC). */
export function samplePosition(
  side: Side,
  positionSize: bigint,
  entry: bigint,
  margin: bigint,
  more: { seq?: bigint; fundingSum?: bigint; borrowSum?: bigint } = {},
): PositionState {
  return {
    side,
    size: size(positionSize),
    entryValue: entryValue(positionSize * entry),
    margin: quote(margin),
    reserve: quote((positionSize * entry) / 10n ** 10n),
    fundingSum: fineValue(more.fundingSum ?? 0n),
    borrowSum: fineValue(more.borrowSum ?? 0n),
    seq: more.seq ?? 1n,
    payoutOwed: quote(0n),
  };
}
