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

/** Parameters of a market, as the program's `MarketConfig`; their bounds are in `config.ts`. */
export interface MarketConfig {
  /** Highest leverage, a whole number, 1…100. */
  readonly maxLeverage: bigint;
  readonly maintenanceMarginBps: Bps;
  /** Of the liquidated notional. */
  readonly liquidationFeeBps: Bps;
  /** The keeper's share of the liquidation fee; insurance has the rest. */
  readonly keeperShareBps: Bps;
  /** Margin a partial liquidation restores, in basis points of the maintenance margin: above 10,000. */
  readonly liquidationTargetBps: Bps;
  /** Smallest part of a position a liquidation takes; 10,000 makes every liquidation a full one. */
  readonly minLiquidationBps: Bps;
  /** Insurance tops the keeper's part of a full liquidation up to this. */
  readonly keeperRewardMin: Quote;
  readonly feeBps: Bps;
  /** Shares of a trading fee; the treasury has the rest. */
  readonly poolFeeShareBps: Bps;
  readonly insuranceFeeShareBps: Bps;
  /** Spread of a fill from the oracle price, in basis points of the confidence. */
  readonly kBps: Bps;
  /** Largest profit as a share of the entry notional. */
  readonly payoffCapBps: Bps;
  /** The market's target share of the pool's assets. */
  readonly weightBps: Bps;
  readonly maxUtilisationBps: Bps;
  readonly maxLongOi: Size;
  readonly maxShortOi: Size;
  readonly minPositionNotional: Quote;
  /** Skew at which the marginal impact reaches the whole price (K); 0 switches impact off. */
  readonly skewScale: Size;
  readonly maxSkewBps: Bps;
  readonly fundingSkewScale: Size;
  /** Per hour; 0 switches funding off. */
  readonly maxFundingRate: Rate;
  readonly borrowBase: Rate;
  readonly borrowSlope: Rate;
  readonly maxAccrualSeconds: bigint;
  readonly minSettleQuote: Quote;
}

/** Where a market's price comes from and what makes it acceptable. */
export interface OracleConfig {
  /** Program that must own the price account, base58. */
  readonly receiverProgram: string;
  /** Address of the price account, base58. */
  readonly priceAccount: string;
  /** Pyth feed id, 32 bytes in hex without 0x. */
  readonly feedId: string;
  /** Guardian signatures that suffice for a partially verified update. */
  readonly minSignatures: number;
  readonly maxStalenessSeconds: bigint;
  readonly maxConfidenceBps: Bps;
  readonly maxEmaDivergenceBps: Bps;
}

/** Sums over all open positions of one side of a market. */
export interface SideTotals {
  /** Open interest. */
  readonly size: Size;
  readonly entryValue: EntryValue;
  readonly margin: Quote;
  readonly reserve: Quote;
  /** Σ size × funding index at entry. */
  readonly fundingSum: FineValue;
  /** Σ size × borrow index at entry. */
  readonly borrowSum: FineValue;
}

export interface MarketState {
  readonly status: MarketStatus;
  readonly oracle: OracleConfig;
  readonly config: MarketConfig;
  /** The last price the program accepted; null before the first. */
  readonly price: OraclePrice | null;
  /** Cumulative funding, F. */
  readonly fundingIndex: IndexValue;
  /** Cumulative borrow, B. */
  readonly borrowIndex: IndexValue;
  /** Clock of the last accrual, seconds since 1970. */
  readonly accruedAt: bigint;
  readonly long: SideTotals;
  readonly short: SideTotals;
  /** The pool's money in this market: pays profits, takes losses. */
  readonly backing: Quote;
  /** Insurance's and treasury's shares that `settle_market` has not moved yet. */
  readonly insuranceAccrued: Quote;
  readonly treasuryAccrued: Quote;
  /** Borrowed from insurance for payouts: the first claim on what the backing receives. */
  readonly insuranceDebt: Quote;
  /** Payouts recorded but not made, owed to traders. */
  readonly payoutsOwed: Quote;
  /** Losses beyond margins so far, and the part insurance did not pay. */
  readonly badDebt: Quote;
  readonly badDebtUncovered: Quote;
  /** Sum of all trading fees. */
  readonly feesCollected: Quote;
}

/** What enters a position's equity. */
export interface PositionState {
  /** A flat position keeps the side it had. */
  readonly side: Side;
  /** 0 when flat. */
  readonly size: Size;
  /** size × entry price. */
  readonly entryValue: EntryValue;
  readonly margin: Quote;
  /** Most this position can win; held in the market's backing. */
  readonly reserve: Quote;
  /** size × funding index at entry. */
  readonly fundingSum: FineValue;
  /** size × borrow index at entry. */
  readonly borrowSum: FineValue;
  /** Command counter, `expected_seq` of the next command: grows with every instruction that changes the position, settlement excepted. */
  readonly seq: bigint;
  /** A payout the pool could not make and still owes the trader. */
  readonly payoutOwed: Quote;
}

/** A trader's account. */
export interface AccountState {
  /** Free collateral. */
  readonly collateral: Quote;
  /** Number of the newest event of the account's stream. */
  readonly seq: bigint;
}
