/**
 * What the quantitative analyst takes and gives. `assess(input)` in `assess.ts` is a pure function: the same input gives the same answer,
 * and nothing after `now_ms` is looked at. Numbers here are statistics, not money (docs/analyst.md).
 */

/** How far ahead an assessment looks. */
export type Horizon = '15m' | '1h' | '4h' | '1d';

/** Every horizon, shortest first. */
export const HORIZONS: readonly Horizon[] = ['15m', '1h', '4h', '1d'];

/** Length of a horizon in milliseconds. */
export const HORIZON_MS: Readonly<Record<Horizon, number>> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/**
 * Length in milliseconds of the bars that a horizon is judged on, a bar the exchange keeps; shorter bars are joined into it. Asking the
 * exchange for bars of exactly this length gives the longest past.
 */
export const BAR_MS: Readonly<Record<Horizon, number>> = {
  '15m': 60_000,
  '1h': 300_000,
  '4h': 900_000,
  '1d': 3_600_000,
};

/** Bars of one market that are looked at, after joining; older ones change nothing. */
export const barsMax = 1_500;

/** One bar. `time_ms` is its start; prices in USD per base unit. */
export interface QuantCandle {
  readonly time_ms: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Positions whose liquidation price lies near one price. `side` is theirs: longs are liquidated below the market, shorts above. */
export interface LiquidationCluster {
  /** USD per base unit. */
  readonly price: number;
  readonly notional_usdc: number;
  readonly side: 'long' | 'short';
}

export interface QuantInput {
  readonly symbol: string;
  readonly horizon: Horizon;
  /** The moment of the assessment; bars that end after it are not looked at. */
  readonly now_ms: number;
  /** Bars of the market, oldest first. */
  readonly candles: readonly QuantCandle[];
  /** Price of now, USD per base unit; the close of the newest bar where it is left out, which is up to a bar old. */
  readonly price?: number;
  /** Bars of the other markets by symbol, oldest first. */
  readonly others: Readonly<Record<string, readonly QuantCandle[]>>;
  /** Length of all bars given, which divides `BAR_MS[horizon]`; 60,000 (one minute) where it is left out. */
  readonly candle_ms?: number;
  /** Funding per hour in basis points; positive: longs pay shorts. */
  readonly funding_rate_hourly_bps?: number;
  /** (long − short open interest) ÷ their sum, in basis points. */
  readonly skew_bps?: number;
  readonly open_interest_usdc?: { readonly long: number; readonly short: number };
  readonly liquidation_clusters?: readonly LiquidationCluster[];
  /** Price to buy at less price to sell at, in basis points of the price: what a round trip pays beside its fees. */
  readonly spread_bps: number;
  readonly fee_bps_per_side: number;
  /** Side of the position the asker holds, where that is known: an answer against it is `close`. */
  readonly position_side?: 'long' | 'short';
}

/** A figure that the reasoning cites as `[id]`. */
export interface QuantFigure {
  /** Lower-case letters, digits and `_`, unique in its assessment. */
  readonly id: string;
  readonly label: string;
  /** Decimal text without its unit. */
  readonly value: string;
  readonly unit: QuantUnit;
}

/** `x`: a multiple; `USD`: a price; empty: a plain number. */
export type QuantUnit = '%' | 'bps' | 'x' | 'USD' | 'USDC' | 'samples' | '';

export type QuantDirection = 'buy' | 'sell' | 'hold' | 'close';

export interface QuantAssessment {
  readonly symbol: string;
  readonly horizon: Horizon;
  /** Calibrated probability that the price is higher at `expires_at_ms` than now, 0 to 10,000. */
  readonly probability_up_bps: number;
  /** How often it was higher in the past that was looked at, drawn towards 5,000. */
  readonly base_rate_bps: number;
  readonly direction: QuantDirection;
  /**
   * Probability that the answer is right, 0 to 10,000: for `buy`, `sell` and `close` that the move that way is larger than the costs,
   * for `hold` that the better side would not pay its costs. 0 without enough data.
   */
  readonly confidence_bps: number;
  /** `now_ms` plus the horizon. */
  readonly expires_at_ms: number;
  readonly figures: readonly QuantFigure[];
  /** Plain words; every claim names its figure as `[id]`. */
  readonly reasoning: string;
  /** False: nothing was estimated, the answer is `hold`, and `missing` says why. */
  readonly enough_data: boolean;
  /** What is missing, one sentence each: with `enough_data` true, what the answer had to do without. */
  readonly missing: readonly string[];
}
