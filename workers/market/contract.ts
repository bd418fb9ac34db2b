import type { IndexedEvent } from '#shared/events.ts';
import type { Candle, CandleInterval, MarketSnapshot } from '#shared/market-snapshot.ts';
import type { Price, Quote } from '#shared/money/units.ts';
import type { MarketState, OraclePrice, PositionState, Side } from '#shared/perps/types.ts';
import type { MarketOperation, PublicTradeDto } from '#shared/protocol/market.ts';
import type { BreakerState } from '../platform/breaker.ts';
import type { MarketFork } from '../indexer/take-back.ts';

export type * from '#shared/market-snapshot.ts';

/**
 * What MarketObject offers the other parts (`env.MARKETS.getByName(symbol)`). All methods are idempotent: callers repeat them with the
 * same arguments when an answer is lost.
 */
export interface MarketRpc {
  /** What is known of the market now. Starts the feed when it was not running. */
  snapshot(): Promise<MarketSnapshot>;
  /** Candles of [fromSeconds, toSeconds), oldest first, at most `candlesPerAnswerMax`. */
  candles(request: CandleRequest): Promise<Candle[]>;
  /** Waits until a price with `publishTime >= minPublishTime` was received, at most `timeoutMs`; then the snapshot of that moment. */
  waitForPrice(minPublishTime: number, timeoutMs: number): Promise<MarketSnapshot>;
  /** Puts an order into the trigger book; a higher version replaces a lower one, a lower or equal one is ignored. `full`: it is not in the book. */
  rest(entry: RestingEntry): Promise<'resting' | 'full'>;
  /** Removes an order up to and including that version. */
  unrest(orderId: string, version: number): Promise<void>;
  /** Events of this market's stream, in order; already applied ones are ignored. Answers the next expected market_seq. */
  applyEvents(events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }>;
  /** Ends the lease of a candidate: its check is over, whatever came of it. */
  releaseCandidate(owner: string, commandSeq: bigint): Promise<void>;
  /**
   * A check found a position healthier than its candidate: whether to warn its trader is decided again, at the next price. `missed`: a
   * warning was handed over and not given.
   */
  lookAgain(owner: string, missed: boolean): Promise<void>;
  /** A check found a position other than the index knows it: reads it from the chain. */
  verifyPosition(owner: string): Promise<void>;
  /** A fork undid events: these positions and the market are read anew, and the stream goes on with `nextSeq`. Trades that were told stay told. */
  takeBack(fork: MarketFork): Promise<void>;
  /** The pool cannot pay a position at its cap now: its close is offered again after a pause that grows. */
  pauseCapped(owner: string, commandSeq: bigint): Promise<void>;
  /** Whether a position waits for its liquidation, or to be closed at its cap: no pool shares are issued or redeemed meanwhile. */
  hasUrgent(): Promise<boolean>;
  /** Owners of positions worth settling, the next slice of all, and of payouts still owed, at most `limit` each. */
  upkeepDue(limit: number): Promise<UpkeepDue>;
  /** Switches an operation of this market off, or on again; kept across restarts. Answers what is off then. */
  setSwitch(change: SwitchChange): Promise<MarketSwitches>;
  /** What is switched off, since when, by whom and why. */
  switches(): Promise<MarketSwitches>;
  /** How the market and its price stream are, for `/ready`. */
  health(): Promise<MarketPartHealth>;
  /** Compares the next slice of the liquidation index with the chain and makes it the chain's. @throws when the chain cannot be read. */
  repairIndex(): Promise<IndexRepairFigures>;
  /** Positions that anyone may liquidate at the newest price, the riskiest first, at most `limit`. */
  liquidatable(limit: number): Promise<LiquidatableView>;
  /** Where positions would be liquidated, summed, the nearest to the price first; empty before the first price. Names nobody. */
  liquidationClusters(): Promise<LiquidationCluster[]>;
  /** The market's latest trades, liquidations among them, newest first; the tape of channel `trades`. Names nobody. */
  latestTrades(): Promise<PublicTradeDto[]>;
  /** The cron sweep's visit: revives the feed, re-offers what has been waiting too long. Returns figures for the log. */
  sweep(): Promise<MarketHealth>;
}

/** An operator's change of a switch. */
export interface SwitchChange {
  readonly operation: MarketOperation;
  readonly off: boolean;
  /** The operator's wallet. */
  readonly by: string;
  readonly reason: string;
}

/** The operations that are off, by name. */
export type MarketSwitches = Readonly<
  Partial<Record<MarketOperation, { readonly by: string; readonly reason: string; readonly sinceMs: number }>>
>;

export interface CandleRequest {
  readonly interval: CandleInterval;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** An order waiting for a price: fires at or below (`below`) or at or above (`above`) `triggerPrice`. */
export interface RestingEntry {
  readonly orderId: string;
  readonly owner: string;
  readonly version: number;
  readonly direction: 'below' | 'above';
  readonly triggerPrice: bigint;
  /** Earliest publish time that may fire it, seconds. */
  readonly minPublishTime: number;
  /** It takes an open position off: a book that is full of other orders has room for it. */
  readonly reduceOnly: boolean;
}

/** Wallets whose positions wait for what anyone may do. */
export interface UpkeepDue {
  readonly settle: readonly string[];
  readonly pay: readonly string[];
}

/** How the liquidation index compares with the chain. */
export interface IndexRepairFigures {
  /** Positions that were not the chain's, in the last whole pass or so far in this one; they are the chain's now. */
  readonly difference: number;
  /** Events by which the index was behind the chain at the last look. */
  readonly lateBy: number;
  /** Whole passes made, and when the last one ended; null before the first. */
  readonly passes: number;
  readonly passedAtMs: number | null;
}

/** Who may be liquidated now, at which price and indexes. */
export interface LiquidatableView {
  readonly price: OraclePrice | null;
  /** Accrued to now; null before the first price. */
  readonly market: MarketState | null;
  readonly positions: readonly { readonly owner: string; readonly state: PositionState }[];
}

/** Notional that would be liquidated around a price. */
export interface LiquidationCluster {
  readonly side: Side;
  readonly price: Price;
  readonly notional: Quote;
}

/** A market and what surrounds it. */
export interface MarketPartHealth extends MarketHealth {
  readonly hermes: BreakerState;
  /** Updates that the slowest subscriber has not acknowledged. */
  readonly fanoutLag: number;
}

export interface MarketHealth {
  readonly symbol: string;
  readonly priceAgeMs: number | null;
  readonly feed: 'connecting' | 'live' | 'silent' | 'down';
  readonly restingOrders: number;
  readonly openPositions: number;
  readonly candidatesInFlight: number;
  /** How long the candidate that waits longest has been one; null where none waits. */
  readonly oldestCandidateMs: number | null;
  readonly index: IndexRepairFigures;
  /** What operators were told of and lasts, by kind. */
  readonly risks: readonly string[];
  readonly subscribers: number;
  readonly nextMarketSeq: bigint;
}
