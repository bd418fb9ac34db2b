import type { MarketState, OraclePrice } from './perps/types.ts';
import type { MarketOperation } from './protocol/market.ts';

/** What holds a market back beside its state on chain. A brake refuses whatever opens or increases. */
export interface MarketControls {
  readonly off: readonly MarketOperation[];
  readonly brake: {
    readonly kind: 'price_move';
    /** Seconds since 1970. */
    readonly sinceSeconds: number;
    readonly message: string;
  } | null;
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
  readonly controls: MarketControls;
  /** The trigger book takes no more orders, but for reduce-only ones. */
  readonly isBookFull: boolean;
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

/** One bar; prices in 1e-8 USD; `volume` is what the exchange traded, base 1e-8. */
export interface Candle {
  readonly time: number;
  readonly open: bigint;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  readonly volume: bigint;
}
