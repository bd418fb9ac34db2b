/** Decoded accounts as the shared mathematics sees them: what decides here is not the program. */
import {
  type Bps,
  type Price,
  bps,
  entryValue,
  fineValue,
  indexValue,
  price,
  quote,
  rate,
  size,
} from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { equityQCapped } from '#shared/perps/equity.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { acceptUpdate } from '#shared/perps/oracle.ts';
import type { PriceUpdate } from '#shared/perps/price-update.ts';
import type { MarketConfig, MarketState, OracleConfig, OraclePrice, PositionState } from '#shared/perps/types.ts';
import type { AccountOf } from '#support/program/client.ts';

export type MarketAccount = AccountOf<'market'>;
export type PositionAccount = AccountOf<'position'>;

const finePerQuote = 10n ** 20n;
const b = (value: number): Bps => bps(BigInt(value));

export function configOf({ config }: MarketAccount): MarketConfig {
  return {
    maxLeverage: BigInt(config.maxLeverage),
    maintenanceMarginBps: b(config.maintenanceMarginBps),
    liquidationFeeBps: b(config.liquidationFeeBps),
    keeperShareBps: b(config.keeperShareBps),
    liquidationTargetBps: b(config.liquidationTargetBps),
    minLiquidationBps: b(config.minLiquidationBps),
    keeperRewardMin: quote(config.keeperRewardMin),
    feeBps: b(config.feeBps),
    poolFeeShareBps: b(config.poolFeeShareBps),
    insuranceFeeShareBps: b(config.insuranceFeeShareBps),
    kBps: b(config.kBps),
    payoffCapBps: b(config.payoffCapBps),
    weightBps: b(config.weightBps),
    maxUtilisationBps: b(config.maxUtilisationBps),
    maxLongOi: size(config.maxLongOi),
    maxShortOi: size(config.maxShortOi),
    minPositionNotional: quote(config.minPositionNotional),
    skewScale: size(config.skewScale),
    maxSkewBps: b(config.maxSkewBps),
    fundingSkewScale: size(config.fundingSkewScale),
    maxFundingRate: rate(config.maxFundingRate),
    borrowBase: rate(config.borrowBase),
    borrowSlope: rate(config.borrowSlope),
    maxAccrualSeconds: BigInt(config.maxAccrualSeconds),
    minSettleQuote: quote(config.minSettleQuote),
  };
}

const oracleOf = ({ oracle }: MarketAccount): OracleConfig => ({
  receiverProgram: oracle.receiverProgram,
  priceAccount: oracle.priceAccount,
  feedId: Buffer.from(oracle.feedId).toString('hex'),
  minSignatures: oracle.minSignatures,
  maxStalenessSeconds: BigInt(oracle.maxStalenessSeconds),
  maxConfidenceBps: b(oracle.maxConfidenceBps),
  maxEmaDivergenceBps: b(oracle.maxEmaDivergenceBps),
});

const totalsOf = (totals: MarketAccount['long']): MarketState['long'] => ({
  size: size(totals.size),
  entryValue: entryValue(totals.entryValue),
  margin: quote(totals.margin),
  reserve: quote(totals.reserve),
  fundingSum: fineValue(totals.fundingSum),
  borrowSum: fineValue(totals.borrowSum),
});

const priceOf = (stored: MarketAccount['price']): OraclePrice => ({
  price: price(stored.price),
  conf: price(stored.conf),
  ema: price(stored.ema),
  publishTime: stored.publishTime,
});

/** Whether a plain enum has this variant. */
export const is = (value: object, variant: string): boolean => variant in value;

export function statusOf({ status }: MarketAccount): MarketState['status'] {
  if (is(status, 'active')) return 'active';
  return is(status, 'halted') ? 'halted' : 'reduce_only';
}

/** A market as the mathematics sees it. */
export function marketOf(market: MarketAccount): MarketState {
  return {
    status: statusOf(market),
    oracle: oracleOf(market),
    config: configOf(market),
    price: market.price.price === 0n ? null : priceOf(market.price),
    fundingIndex: indexValue(market.fundingIndex),
    borrowIndex: indexValue(market.borrowIndex),
    accruedAt: market.accruedAt,
    long: totalsOf(market.long),
    short: totalsOf(market.short),
    backing: quote(market.backing),
    insuranceAccrued: quote(market.insuranceAccrued),
    treasuryAccrued: quote(market.treasuryAccrued),
    insuranceDebt: quote(market.insuranceDebt),
    payoutsOwed: quote(market.payoutsOwed),
    badDebt: quote(market.badDebt),
    badDebtUncovered: quote(market.badDebtUncovered),
    feesCollected: quote(market.feesCollected),
  };
}

export const positionOf = ({ state, seq, payoutOwed }: PositionAccount): PositionState => ({
  side: is(state.side, 'long') ? 'long' : 'short',
  ...totalsOf(state),
  seq,
  payoutOwed: quote(payoutOwed),
});

/** The price a market would accept now, or the name of the error that refuses it. */
export function acceptance(market: MarketAccount, update: PriceUpdate | undefined, now: bigint): OraclePrice | string {
  if (update === undefined) return 'OracleWrongAccount';
  try {
    const last = market.price.price === 0n ? null : priceOf(market.price);
    // After a change of the oracle only the time of the last price is kept.
    if (update.publishTime < market.price.publishTime) return 'OracleOutOfOrder';
    return acceptUpdate(update, oracleOf(market), last, now);
  } catch (error) {
    if (error instanceof PerpError) return error.code;
    throw error;
  }
}

/** The market brought to now at this price. */
export const accrued = (market: MarketAccount, at: Price, now: bigint): MarketState =>
  accrue(marketOf(market), at, now);

/** What a position is worth to its owner, with what the exchange still owes him, 1e-26 USD: never less than nothing. */
export function worth(position: PositionAccount | undefined, market: MarketState, at: Price): bigint {
  if (position === undefined) return 0n;
  const state = positionOf(position);
  const owed = position.payoutOwed * finePerQuote;
  if (state.size === 0n) return owed + state.margin * finePerQuote;
  const equity = equityQCapped(state, market, at);
  return owed + (equity > 0n ? equity : 0n);
}

/** 1e-6 USDC in 1e-26 USD. */
export const fine = (amount: bigint): bigint => amount * finePerQuote;
