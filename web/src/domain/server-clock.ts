/** Samples kept: the best of the latest connections. */
const samplesMax = 16;

/**
 * How far the exchange's clock is ahead of this computer's, from the times it says in its greetings. A greeting is as old as its way here,
 * so the largest difference is the nearest to the truth. Milliseconds; 0 before the first.
 */
export function createServerClock() {
  let samples: number[] = [];
  return {
    /** A greeting that says `serverMs` arrived at `localMs`. */
    hear: (serverMs: number, localMs: number) => {
      samples = [...samples, serverMs - localMs].slice(-samplesMax);
    },
    aheadMs: (): number => (samples.length === 0 ? 0 : Math.max(...samples)),
  };
}

/** Whole seconds since a price was published, by the exchange's clock: never negative, bounded for its place on screen. */
export function priceAgeSeconds(publishTime: number, localMs: number, aheadMs: number): number {
  const serverSeconds = Math.floor((localMs + aheadMs) / 1_000);
  return Math.min(ageShownMax, Math.max(0, serverSeconds - publishTime));
}
const ageShownMax = 999;
