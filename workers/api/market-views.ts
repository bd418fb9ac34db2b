import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { MarketRpc, MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { withTimeout } from '../platform/retry.ts';

/** Age up to which a snapshot serves further requests of the same isolate. */
export const snapshotAgeMsMax = 250;
/** An object that does not answer by then is treated as unreachable. */
const snapshotTimeoutMs = 3_000;

interface CachedSnapshot {
  readonly takenAtMs: number;
  readonly snapshot: MarketSnapshot;
}

/**
 * Market snapshots for requests, at most `snapshotAgeMsMax` old: reads by REST do not call an object each. Concurrent readers share one call,
 * but wait on it only for their own time limit, since the request that made it may be gone.
 */
export class MarketViews {
  readonly #objectOf: (symbol: MarketSymbol) => MarketRpc;
  readonly #clock: Clock;
  readonly #cached = new Map<MarketSymbol, CachedSnapshot>();
  readonly #running = new Map<MarketSymbol, Promise<MarketSnapshot>>();

  constructor(objectOf: (symbol: MarketSymbol) => MarketRpc, clock: Clock) {
    this.#objectOf = objectOf;
    this.#clock = clock;
  }

  /** The object itself, for calls that must not be answered from memory. */
  object(symbol: MarketSymbol): MarketRpc {
    return this.#objectOf(symbol);
  }

  /** @throws TimeoutError, or what the object threw. */
  async snapshot(symbol: MarketSymbol): Promise<MarketSnapshot> {
    const cached = this.#cached.get(symbol);
    const age = cached === undefined ? Infinity : this.#clock.nowMs() - cached.takenAtMs;
    if (cached !== undefined && age >= 0 && age <= snapshotAgeMsMax) return cached.snapshot;
    return withTimeout(() => this.#running.get(symbol) ?? this.#read(symbol), snapshotTimeoutMs);
  }

  /** Snapshots of all markets, in their order. */
  async all(): Promise<MarketSnapshot[]> {
    return Promise.all(MARKET_SYMBOLS.map((symbol) => this.snapshot(symbol)));
  }

  /** Snapshots of some markets, by symbol; one that cannot be read is absent. */
  async found(symbols: readonly MarketSymbol[]): Promise<ReadonlyMap<string, MarketSnapshot>> {
    const results = await Promise.allSettled(symbols.map((symbol) => this.snapshot(symbol)));
    const found = new Map<string, MarketSnapshot>();
    for (const result of results) if (result.status === 'fulfilled') found.set(result.value.symbol, result.value);
    return found;
  }

  #read(symbol: MarketSymbol): Promise<MarketSnapshot> {
    const takenAtMs = this.#clock.nowMs();
    const running = this.#objectOf(symbol)
      .snapshot()
      .then((snapshot) => {
        this.#cached.set(symbol, { takenAtMs, snapshot });
        return snapshot;
      })
      .finally(() => {
        if (this.#running.get(symbol) === running) this.#running.delete(symbol);
      });
    this.#running.set(symbol, running);
    return running;
  }
}
