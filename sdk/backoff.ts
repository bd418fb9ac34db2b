/** Bounds of a retry schedule, in milliseconds. */
export interface BackoffBounds {
  /** Ceiling of the first delay. */
  readonly delayMsBase: number;
  /** Ceiling that later delays never pass. */
  readonly delayMsMax: number;
}

/** How many doublings are worth computing: 2^20 × any base is past every maximum used here. */
const doublingsMax = 20;

/**
 * Full-jitter exponential backoff: uniform in [0, min(max, base · 2^attempt)). Every client that lost the same server
 * draws its own delay, so they do not come back in one wave.
 *
 * @param attempt 0 for the first retry.
 * @param random source in [0, 1), for tests.
 * @returns milliseconds to wait.
 */
export function fullJitterMs(attempt: number, bounds: BackoffBounds, random: () => number = Math.random): number {
  const ceiling = Math.min(bounds.delayMsMax, bounds.delayMsBase * 2 ** Math.min(attempt, doublingsMax));
  return Math.floor(random() * ceiling);
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
