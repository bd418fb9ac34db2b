import type { OrderAttempt } from './contract.ts';

/** Attempts of an order that may fail alike and be followed by the next one at once. */
export const immediateAttemptsMax = 3;
/** Pause before the attempt after them; doubles each time, up to the second. */
export const retryPauseMsMin = 250;
export const retryPauseMsMax = 8_000;

/**
 * Pause before an order is tried again, by how often in a row it failed for the same reason. A race for a command number is lost once or
 * twice; a trader who takes every number himself would have the exchange pay for as many attempts as it sends.
 */
export function retryPauseMs(attempts: readonly Pick<OrderAttempt, 'outcome' | 'reason'>[]): number {
  const newest = attempts.at(-1);
  const isAlike = ({ outcome, reason }: (typeof attempts)[number]): boolean =>
    outcome === newest?.outcome && reason === newest.reason;
  const alike = attempts.length - 1 - attempts.findLastIndex((attempt) => !isAlike(attempt));
  if (alike < immediateAttemptsMax) return 0;
  return Math.min(retryPauseMsMin * 2 ** (alike - immediateAttemptsMax), retryPauseMsMax);
}
