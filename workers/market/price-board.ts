import { isNearEma, checkFresh, normalisePrice } from '#shared/perps/oracle.ts';
import { PerpError } from '#shared/perps/errors.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';
import { indexKeyBound } from '#shared/perps/liquidation.ts';
import type { Clock } from '../platform/clock.ts';
import type { PriceState } from './contract.ts';
import type { FeedUpdate } from './hermes-update.ts';

/** Why an update was not taken. */
export type PriceRefusal = PerpError['code'];

export type Offer =
  { readonly ok: true; readonly price: OraclePrice } | { readonly ok: false; readonly reason: PriceRefusal };

/** What the rules of acceptance need of the market; null until the market was read from the chain. */
export type PriceRules = Pick<MarketState, 'oracle' | 'status'>;

/** Waiting calls at once; beyond it, callers are answered at once with what is there. */
export const priceWaitersMax = 2_000;

/**
 * The newest price of a market by the program's rules, and who waits for the next one. One rule is relaxed: several updates of one second
 * are all taken here, because the screen, the chart and the trigger book follow the feed; which of them the chain uses is the chain's.
 */
export class PriceBoard {
  readonly #clock: Clock;
  readonly #rules: () => PriceRules | null;
  readonly #waiters = new Set<{ readonly minPublishTime: bigint; readonly wake: () => void }>();
  #price: OraclePrice | null;
  #receivedAtMs: number | null = null;
  /** Publish time of the newest update that was too uncertain to be taken. */
  #uncertainSince: bigint | null = null;

  constructor(clock: Clock, rules: () => PriceRules | null, last: OraclePrice | null) {
    this.#clock = clock;
    this.#rules = rules;
    this.#price = last;
  }

  get price(): OraclePrice | null {
    return this.#price;
  }

  get receivedAtMs(): number | null {
    return this.#receivedAtMs;
  }

  /** An update of the feed: taken, or refused by the program's name for the reason. */
  offer(update: FeedUpdate): Offer {
    try {
      const price = normalisePrice(update);
      // Bars and trigger prices are kept as doubles; no asset is near this bound (45 million USD).
      if (price.price >= indexKeyBound) return { ok: false, reason: 'OraclePriceOutOfRange' };
      if (this.#price !== null && price.publishTime < this.#price.publishTime)
        return { ok: false, reason: 'OracleOutOfOrder' };
      this.#checkFresh(price);
      this.#take(price);
      return { ok: true, price };
    } catch (error) {
      if (!(error instanceof PerpError)) throw error;
      if (error.code === 'OracleUncertain') this.#uncertainSince = update.publishTime;
      return { ok: false, reason: error.code };
    }
  }

  /** What the price allows now. */
  state(): PriceState {
    const rules = this.#rules();
    if (rules?.status === 'halted') return 'halted';
    const price = this.#price;
    if (price === null || rules === null) return 'stale';
    const now = BigInt(Math.floor(this.#clock.nowMs() / 1_000));
    const isRecent = (publishTime: bigint): boolean => now - publishTime <= rules.oracle.maxStalenessSeconds;
    if (this.#uncertainSince !== null && isRecent(this.#uncertainSince)) return 'uncertain';
    if (!isRecent(price.publishTime)) return 'stale';
    return isNearEma(price, rules.oracle) ? 'ok' : 'uncertain';
  }

  /** Resolves when a price of `minPublishTime` or later is there, or after `timeoutMs`. */
  async wait(minPublishTime: bigint, timeoutMs: number): Promise<void> {
    const isThere = this.#price !== null && this.#price.publishTime >= minPublishTime;
    if (isThere || timeoutMs <= 0 || this.#waiters.size >= priceWaitersMax) return;
    await new Promise<void>((resolve) => {
      const waiter = { minPublishTime, wake: done };
      const timer = setTimeout(done, timeoutMs);
      const waiters = this.#waiters;
      waiters.add(waiter);
      function done(): void {
        clearTimeout(timer);
        waiters.delete(waiter);
        resolve();
      }
    });
  }

  #take(price: OraclePrice): void {
    this.#price = price;
    this.#receivedAtMs = this.#clock.nowMs();
    this.#uncertainSince = null;
    for (const waiter of this.#waiters) if (price.publishTime >= waiter.minPublishTime) waiter.wake();
  }

  #checkFresh(price: OraclePrice): void {
    const rules = this.#rules();
    // Without the market's limits the price is shown, but its state lets nothing be opened.
    if (rules !== null) checkFresh(price, rules.oracle, BigInt(Math.floor(this.#clock.nowMs() / 1_000)));
  }
}
