/** Samples kept: the best of the latest connections. */
const samplesMax = 16;
/** A computer's clock is corrected by less without anybody's noticing; what is more was set anew. */
const correctionMsMax = 1_000;

interface Sample {
  readonly aheadMs: number;
  /** Between the two clocks of this computer: what changes it is somebody who sets one of them, or sleep. */
  readonly setAtMs: number;
}

/**
 * How far the exchange's clock is ahead of this computer's, from the times it says in its greetings. A greeting is as old as its way here,
 * so the largest difference is the nearest to the truth. Milliseconds; 0 before the first.
 */
export function createServerClock() {
  let samples: Sample[] = [];
  return {
    /**
     * A greeting that says `serverMs` arrived at `localMs` of the clock, `steadyMs` of the one that nobody sets: greetings of before the
     * clock was set say nothing of the present one.
     */
    hear: (serverMs: number, localMs: number, steadyMs: number) => {
      const setAtMs = localMs - steadyMs;
      const comparable = samples.filter((sample) => Math.abs(sample.setAtMs - setAtMs) <= correctionMsMax);
      samples = [...comparable, { aheadMs: serverMs - localMs, setAtMs }].slice(-samplesMax);
    },
    aheadMs: (): number => (samples.length === 0 ? 0 : Math.max(...samples.map(({ aheadMs }) => aheadMs))),
  };
}

/** Whole seconds since a price was published, by the exchange's clock: never negative, bounded for its place on screen. */
export const priceAgeSeconds = (publishTime: number, exchangeMs: number): number =>
  Math.min(ageShownMax, Math.max(0, Math.floor(exchangeMs / 1_000) - publishTime));
const ageShownMax = 999;
