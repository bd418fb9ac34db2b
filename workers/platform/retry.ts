import { sleep } from './clock.ts';

/** How often and how long an external call is tried. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attemptsMax: number;
  /** Time limit of each try. */
  readonly attemptTimeoutMs: number;
  /** Delay before the second try is uniform in [0, retryDelayMsMin); it doubles per try. */
  readonly retryDelayMsMin: number;
  /** Upper bound of the delay range. */
  readonly retryDelayMsMax: number;
}

export interface RetryOptions {
  /** False ends the tries at once: the failure will not change. Default: every failure is tried again. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Ends the tries from outside. */
  readonly signal?: AbortSignal;
  readonly random?: () => number;
}

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Runs `operation` until it succeeds, at most `attemptsMax` times, each under its own time limit, with full jitter between tries
 * (AWS architecture blog, "Exponential backoff and jitter"). The signal passed to the operation aborts at the limit.
 *
 * @throws the last failure.
 */
export async function retry<T>(
  operation: (signal: AbortSignal, attempt: number) => Promise<T>,
  policy: RetryPolicy,
  options: RetryOptions = {},
): Promise<T> {
  const { isRetryable = () => true, signal, random = Math.random } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTimeout((limit) => operation(limit, attempt), policy.attemptTimeoutMs, signal);
    } catch (error) {
      if (attempt >= policy.attemptsMax || signal?.aborted === true || !isRetryable(error)) throw error;
      await sleep(backoffMs(attempt, policy, random), signal);
    }
  }
}

/** Full jitter: uniform in [0, min(max, min·2^(attempt−1))). `attempt` counts from 1. */
export function backoffMs(
  attempt: number,
  policy: Pick<RetryPolicy, 'retryDelayMsMin' | 'retryDelayMsMax'>,
  random: () => number = Math.random,
): number {
  const doublings = Math.min(attempt - 1, 30);
  return Math.floor(random() * Math.min(policy.retryDelayMsMax, policy.retryDelayMsMin * 2 ** doublings));
}

/**
 * Gives `operation` at most `timeoutMs`. The promise settles at the limit even when the operation ignores its signal.
 *
 * @throws TimeoutError at the limit.
 */
export async function withTimeout<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  outer?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer?.reason);
  outer?.addEventListener('abort', abort, { once: true });
  let timer: ReturnType<typeof setTimeout> | null = null;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TimeoutError(`no answer within ${timeoutMs} ms`);
      // Reject before aborting: the caller sees the time limit, not the abort it caused.
      reject(error);
      controller.abort(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([operation(controller.signal), limit]);
  } finally {
    clearTimeout(timer ?? undefined);
    outer?.removeEventListener('abort', abort);
  }
}
