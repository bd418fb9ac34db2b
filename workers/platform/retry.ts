import { sleep } from './clock.ts';
import { type Breaker, BreakerOpenError } from './breaker.ts';

/** How often and how long an external call is tried. The exchange's own are in `call-policies.ts`. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attemptsMax: number;
  /** Time limit of each try. */
  readonly attemptTimeoutMs: number;
  /** Delay before the second try is uniform in [0, retryDelayMsMin); it doubles per try. */
  readonly retryDelayMsMin: number;
  /** Upper bound of the delay range. */
  readonly retryDelayMsMax: number;
  /** Time limit of all tries and delays together; without it the tries alone bound the call. */
  readonly deadlineMs?: number;
}

export interface RetryOptions {
  /** False ends the tries at once: the failure will not change. Default: every failure is tried again. */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Ends the tries from outside. */
  readonly signal?: AbortSignal;
  /** What the other side asked to be left alone for (`Retry-After`): a lower bound of the delay. Longer than `retryDelayMsMax`: no further try. */
  readonly restMs?: (error: unknown) => number;
  /** Counts every try, and ends the tries while it is open. */
  readonly breaker?: Breaker;
}

/** No answer in time. What came of the call is unknown. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Runs `operation` until it succeeds, at most `attemptsMax` times, each under its own time limit, with full jitter between tries. The
 * signal passed to the operation aborts at the limit.
 *
 * @throws the last failure; TimeoutError at the deadline; BreakerOpenError while the breaker lets nothing through.
 */
export function retry<T>(
  operation: (signal: AbortSignal, attempt: number) => Promise<T>,
  policy: RetryPolicy,
  options: RetryOptions = {},
): Promise<T> {
  const { deadlineMs } = policy;
  if (deadlineMs === undefined) return retryUntil(operation, policy, options);
  const { signal, ...others } = options;
  return withTimeout((limit) => retryUntil(operation, policy, { ...others, signal: limit }), deadlineMs, signal);
}

async function retryUntil<T>(
  operation: (signal: AbortSignal, attempt: number) => Promise<T>,
  policy: RetryPolicy,
  { isRetryable = () => true, restMs = () => 0, signal, breaker }: RetryOptions,
): Promise<T> {
  const isWorthwhile = (error: unknown): boolean =>
    !(error instanceof BreakerOpenError) && restMs(error) <= policy.retryDelayMsMax && isRetryable(error);
  for (let attempt = 1; ; attempt++) {
    const tryOnce = () => withTimeout((limit) => operation(limit, attempt), policy.attemptTimeoutMs, signal);
    try {
      return await (breaker === undefined ? tryOnce() : breaker.run(tryOnce));
    } catch (error) {
      if (attempt >= policy.attemptsMax || signal?.aborted === true || !isWorthwhile(error)) throw error;
      await sleep(Math.max(backoffMs(attempt, policy), restMs(error)), signal);
      signal?.throwIfAborted();
    }
  }
}

/** Full jitter: uniform in [0, min(max, min·2^(attempt−1))). `attempt` counts from 1 (AWS architecture blog, "Exponential backoff and jitter"). */
export function backoffMs(
  attempt: number,
  policy: Pick<RetryPolicy, 'retryDelayMsMin' | 'retryDelayMsMax'>,
  random: () => number = Math.random,
): number {
  const doublings = Math.min(attempt - 1, doublingsMax);
  return Math.floor(random() * Math.min(policy.retryDelayMsMax, policy.retryDelayMsMin * 2 ** doublings));
}

/** Far beyond every upper bound of a delay. */
const doublingsMax = 30;

/**
 * Gives `operation` at most `timeoutMs`. The promise settles at the limit, or when `outer` aborts, even when the operation ignores its
 * signal.
 *
 * @throws TimeoutError at the limit; the reason of `outer` when that aborts.
 */
export async function withTimeout<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  outer?: AbortSignal,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: () => void = () => undefined;
  const limit = new Promise<never>((_, reject) => {
    // Rejects before it aborts: the caller sees the limit, not what the abort caused.
    const end = (reason: unknown): void => {
      reject(reason);
      controller.abort(reason);
    };
    timer = setTimeout(() => end(new TimeoutError(`no answer within ${timeoutMs} ms`)), timeoutMs);
    onAbort = () => end(outer?.reason);
    outer?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([operation(controller.signal), limit]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onAbort);
  }
}
