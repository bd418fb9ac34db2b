/**
 * The state the mathematics works on: the money fields of the program's accounts, with the program's names in camelCase.
 * Values are immutable; a transition returns new ones.
 */
import type { Bps, EntryValue, FineValue, IndexValue, Price, Quote, Rate, Size } from '../money/units.ts';

/** Side of a position. */
export type Side = 'long' | 'short';
/** Direction of a trade. */
export type TradeSide = 'buy' | 'sell';
export type MarketStatus = 'active' | 'reduce_only' | 'halted';

/** A price the exchange accepted, normalised to 1e-8: price and EMA rounded down, confidence up. */
export interface OraclePrice {
  readonly price: Price;
  /** Half-width of the confidence interval. */
  readonly conf: Price;
  /** Exponential moving average of about one hour. */
  readonly ema: Price;
  /** Pyth's whole seconds since 1970. */
  readonly publishTime: bigint;
}

/** Parameters of a market; bounds in `params.ts`. */
export interface MarketParams {
  /** Share of the confidence that is the half spread: 10,000 is all of it. */
  readonly kBps: Bps;
  readonly feeBps: Bps;
  /** Shares of a trading fee; the treasury gets the rest. */
  readonly poolFeeShareBps: Bps;
  readonly insuranceFeeShareBps: Bps;
  /** Skew at which the impact rate is 100 %; 0 switches impact off. */
  readonly skewScale: Size;
  readonly maxSkewBps: Bps;
  /** Largest profit as a share of the entry notional. */
  readonly payoffCapBps: Bps;
  readonly maxUtilisationBps: Bps;
  /** Whole number, 1…100. */
  readonly maxLeverage: bigint;
  readonly maintenanceMarginBps: Bps;
  readonly liquidationFeeBps: Bps;
  /** Health after a partial liquidation, in basis points of the maintenance margin: above 10,000. */
  readonly liquidationTargetBps: Bps;
  /** Smallest part of a position a liquidation takes; 10,000 makes every liquidation a full one. */
  readonly minLiquidationBps: Bps;
  readonly keeperShareBps: Bps;
  /** Insurance tops the keeper's part of a full liquidation up to this. */
  readonly keeperRewardMin: Quote;
  readonly minPositionNotional: Quote;
  readonly maxLongOi: Size;
  readonly maxShortOi: Size;
  readonly fundingSkewScale: Size;
  /** Per hour; 0 switches funding off. */
  readonly maxFundingRate: Rate;
  readonly borrowBase: Rate;
  readonly borrowSlope: Rate;
  readonly maxAccrualSeconds: bigint;
  readonly minSettleQuote: Quote;
  readonly maxStalenessSeconds: bigint;
  readonly maxConfidenceBps: Bps;
  readonly maxEmaDivergenceBps: Bps;
  /** Guardian signatures that suffice for a partially verified update. */
  readonly minSignatures: number;
}

/** Sums over all positions of one side of a market. */
export interface SideAggregate {
  /** Open interest. */
  readonly size: Size;
  readonly entryValue: EntryValue;
  /** Σ size × funding index at entry. */
  readonly fundingEntry: FineValue;
  /** Σ size × borrow index at entry. */
  readonly borrowEntry: FineValue;
  readonly margin: Quote;
  readonly reserve: Quote;
}

export interface MarketState {
  readonly status: MarketStatus;
  readonly params: MarketParams;
  readonly long: SideAggregate;
  readonly short: SideAggregate;
  readonly fundingIndex: IndexValue;
  readonly borrowIndex: IndexValue;
  /** Seconds since 1970. */
  readonly lastAccrualAt: bigint;
  /** The pool's money behind this market. */
  readonly backing: Quote;
  /** Insurance's and treasury's shares that `settle_market` has not moved yet. */
  readonly insuranceAccrued: Quote;
  readonly treasuryAccrued: Quote;
  /** Borrowed from insurance for payouts: the first claim on what the pool receives. */
  readonly insuranceDebt: Quote;
  /** The pool's missing income of positions closed with a loss beyond their margin. */
  readonly badDebt: Quote;
  /** The last accepted price; null before the first. */
  readonly oracle: OraclePrice | null;
}

export interface PositionState {
  /** `long` where `size` is 0. */
  readonly side: Side;
  readonly size: Size;
  readonly entryValue: EntryValue;
  /** size × funding index at entry. */
  readonly fundingEntry: FineValue;
  /** size × borrow index at entry. */
  readonly borrowEntry: FineValue;
  readonly margin: Quote;
  /** Largest profit, kept back by the market in full. */
  readonly reserve: Quote;
  /** What the pool could not pay at a liquidation and still owes the trader. */
  readonly payoutOwed: Quote;
  /** `expected_seq` of the next command: grows with every instruction that changes the position, but not with settlement. */
  readonly commandSeq: bigint;
}

export interface AccountState {
  /** Free collateral. */
  readonly collateral: Quote;
  readonly commandSeq: bigint;
}
