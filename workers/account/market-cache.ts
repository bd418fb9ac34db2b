import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import type { MarketRpc, MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { withTimeout } from '../platform/retry.ts';

/** Longest wait for markets that only decorate an answer. */
const refreshTimeoutMs = 300;
/** A snapshot this young is not asked for again by `refresh`. */
const freshMs = 1_000;

/** Markets as last heard of: for amounts that are shown. What is decided on is asked for anew. */
export class MarketCache {
  readonly #market: (symbol: MarketSymbol) => Pick<MarketRpc, 'snapshot'>;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly snapshot: MarketSnapshot; readonly readAtMs: number }>();

  constructor(market: (symbol: MarketSymbol) => Pick<MarketRpc, 'snapshot'>, clock: Clock) {
    this.#market = market;
    this.#clock = clock;
  }

  /** The market now. */
  async snapshot(symbol: MarketSymbol): Promise<MarketSnapshot> {
    const snapshot = await this.#market(symbol).snapshot();
    this.#known.set(symbol, { snapshot, readAtMs: this.#clock.nowMs() });
    return snapshot;
  }

  last(symbol: string): MarketSnapshot | null {
    return this.#known.get(symbol)?.snapshot ?? null;
  }

  /** Brings `last` up to date, as far as markets answer in time. Never throws. */
  async refresh(symbols: readonly string[]): Promise<void> {
    const stale = symbols.filter(isMarketSymbol).filter((symbol) => {
      const known = this.#known.get(symbol);
      return known === undefined || this.#clock.nowMs() - known.readAtMs > freshMs;
    });
    const reads = stale.map((symbol) => withTimeout(() => this.snapshot(symbol), refreshTimeoutMs));
    await Promise.allSettled(reads);
  }
}
