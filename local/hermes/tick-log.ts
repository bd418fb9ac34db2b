import type { PriceTick } from './price-tick.ts';

/** Seconds whose first tick is kept, for requests by publish time: two hours. */
export const secondsKeptMax = 7_200;

/**
 * The published prices of one feed by publish time. Pyth's rule makes exactly one tick the price of a moment t:
 * prev_publish_time < t ≤ publish_time. That is the first tick of its second, the only one kept.
 */
export class TickLog {
  #ticks: PriceTick[] = [];

  record(tick: PriceTick): void {
    if (tick.publishTime <= (this.#ticks.at(-1)?.publishTime ?? 0)) return;
    this.#ticks.push(tick);
    if (this.#ticks.length > secondsKeptMax) this.#ticks.shift();
  }

  /** The one price of moment `time` (Unix seconds), or undefined where nothing was published or it is forgotten. */
  at(time: number): PriceTick | undefined {
    let [low, high] = [0, this.#ticks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ticks[middle]?.publishTime ?? Infinity) < time) low = middle + 1;
      else high = middle;
    }
    const tick = this.#ticks[low];
    return tick !== undefined && tick.prevPublishTime < time ? tick : undefined;
  }
}
