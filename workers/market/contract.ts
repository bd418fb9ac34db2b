import type { IndexedEvent } from '#shared/events.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';

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
  /** Whether a position waits for its liquidation, or to be closed at its cap: no pool shares are issued or redeemed meanwhile. */
  hasUrgent(): Promise<boolean>;
  /** Owners of positions worth settling, the next slice of all, and of payouts still owed, at most `limit` each. */
  upkeepDue(limit: number): Promise<UpkeepDue>;
  /** The cron sweep's visit: revives the feed, re-offers what has been waiting too long. Returns figures for the log. */
  sweep(): Promise<MarketHealth>;
}

/** State of the price: only `ok` lets positions be opened. */
export type PriceState = 'ok' | 'stale' | 'uncertain' | 'halted';

export interface MarketSnapshot {
  readonly symbol: string;
  /** Newest price received and accepted by the rules of the program; null before the first. */
  readonly price: OraclePrice | null;
  readonly priceState: PriceState;
  /** When the newest price arrived here, milliseconds. */
  readonly receivedAtMs: number | null;
  /** The Market account as last seen on chain (parameters, indexes, open interest); null before the first read. */
  readonly market: MarketState | null;
  /** 24 h statistics; null where there is no history yet. */
  readonly stats: MarketStats | null;
}

export interface MarketStats {
  /** Prices in 1e-8 USD. */
  readonly open24h: bigint;
  readonly high24h: bigint;
  readonly low24h: bigint;
  /** Traded on the exchange in 24 h: base 1e-8, quote 1e-6. */
  readonly volumeBase24h: bigint;
  readonly volumeQuote24h: bigint;
}

export type CandleInterval = '1m' | '5m' | '15m' | '1h' | '4h' | '1d';

export interface CandleRequest {
  readonly interval: CandleInterval;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** One bar; prices in 1e-8 USD; `volume` is what the exchange traded, base 1e-8. */
export interface Candle {
  readonly time: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
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
}

/** Wallets whose positions wait for what anyone may do. */
export interface UpkeepDue {
  readonly settle: readonly string[];
  readonly pay: readonly string[];
}

export interface MarketHealth {
  readonly symbol: string;
  readonly priceAgeMs: number | null;
  readonly feed: 'connecting' | 'live' | 'silent' | 'down';
  readonly restingOrders: number;
  readonly openPositions: number;
  readonly candidatesInFlight: number;
  readonly subscribers: number;
  readonly nextMarketSeq: bigint;
}
