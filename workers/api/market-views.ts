import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { MarketRpc, MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { withTimeout } from '../platform/retry.ts';

/** Age up to which a snapshot serves further requests of the same isolate. */
export const snapshotAgeMsMax = 250;
/** An object that does not answer by then is treated as unreachable. */
const snapshotTimeoutMs = 3_000;

/** A call under way is shared this long. The request that made it may be gone, and its answer with it. */
const sharedCallMsMax = 500;

interface CachedSnapshot {
  readonly takenAtMs: number;
  readonly snapshot: MarketSnapshot;
}

interface RunningCall {
  readonly startedAtMs: number;
  readonly answer: Promise<MarketSnapshot>;
}

/**
 * Market snapshots for requests, at most `snapshotAgeMsMax` old: reads by REST do not call an object each, and concurrent readers share one
 * call.
 */
export class MarketViews {
  readonly #objectOf: (symbol: MarketSymbol) => MarketRpc;
  readonly #clock: Clock;
  readonly #cached = new Map<MarketSymbol, CachedSnapshot>();
  readonly #running = new Map<MarketSymbol, RunningCall>();

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
    const now = this.#clock.nowMs();
    const cached = this.#cached.get(symbol);
    if (cached !== undefined && isWithin(now - cached.takenAtMs, snapshotAgeMsMax)) return cached.snapshot;
    const running = this.#running.get(symbol);
    if (running !== undefined && isWithin(now - running.startedAtMs, sharedCallMsMax)) {
      return withTimeout(() => running.answer, snapshotTimeoutMs);
    }
    return withTimeout(() => this.#read(symbol, now), snapshotTimeoutMs);
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

  #read(symbol: MarketSymbol, startedAtMs: number): Promise<MarketSnapshot> {
    const answer = this.#objectOf(symbol)
      .snapshot()
      .then((snapshot) => {
        this.#cached.set(symbol, { takenAtMs: startedAtMs, snapshot });
        return snapshot;
      })
      .finally(() => {
        if (this.#running.get(symbol)?.answer === answer) this.#running.delete(symbol);
      });
    this.#running.set(symbol, { startedAtMs, answer });
    return answer;
  }
}

/** A clock set back makes nothing young. */
const isWithin = (ageMs: number, max: number): boolean => ageMs >= 0 && ageMs <= max;
