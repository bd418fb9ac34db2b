import { TimeoutError } from '../../platform/retry.ts';

/**
 * Why one try of one model gave no answer. Kinds only: what a provider says in words may repeat a key or a prompt, so it is never kept.
 */
export type ProviderFailureKind =
  /** 429. */
  | 'rate_limited'
  /** 503 and 529: too much to do. */
  | 'overloaded'
  /** Any other 5xx. */
  | 'server_error'
  /** 401 and 403. */
  | 'unauthorized'
  /** Any other status: the request will not be taken. */
  | 'rejected'
  /** No connection, or it ended before an answer began. */
  | 'unreachable'
  /** Nothing came for too long. */
  | 'timeout'
  /** The answer ended in the middle, or is not of its protocol. */
  | 'broken'
  /** The answer went beyond its bound. */
  | 'too_long';

export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly kind: ProviderFailureKind;
  /** HTTP status, where there was one. */
  readonly status: number | null;
  /** What the provider asked to be left alone for, ms. */
  readonly restMs: number;

  constructor(kind: ProviderFailureKind, status: number | null = null, restMs = 0) {
    super(`the model failed: ${kind}`);
    this.kind = kind;
    this.status = status;
    this.restMs = restMs;
  }
}

const kindByStatus: Readonly<Record<number, ProviderFailureKind>> = {
  401: 'unauthorized',
  403: 'unauthorized',
  408: 'timeout',
  429: 'rate_limited',
  503: 'overloaded',
  529: 'overloaded',
};
const serverErrorMin = 500;

/** What a status other than 2xx means. `Retry-After` is seconds or a date (RFC 9110, 10.2.3). */
export function failureOfStatus(status: number, retryAfter: string | null, nowMs: number): ProviderFailure {
  const kind = kindByStatus[status] ?? (status >= serverErrorMin ? 'server_error' : 'rejected');
  return new ProviderFailure(kind, status, restMsOf(retryAfter, nowMs));
}

function restMsOf(retryAfter: string | null, nowMs: number): number {
  if (retryAfter === null) return 0;
  const seconds = Number(retryAfter);
  const restMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(restMs) ? Math.max(0, restMs) : 0;
}

const passing: ReadonlySet<ProviderFailureKind> = new Set([
  'rate_limited',
  'overloaded',
  'server_error',
  'unreachable',
  'broken',
]);

/** Whether the same model is worth another try at once. Silence is not: it has cost its time already. */
export const isPassing = (error: unknown): boolean => error instanceof ProviderFailure && passing.has(error.kind);

/** Whether it says that the model is not well: a request that it does not take, or an answer that is too long, says so of the request. */
export const isUnwell = (error: unknown): boolean =>
  error instanceof TimeoutError ||
  (error instanceof ProviderFailure && error.kind !== 'rejected' && error.kind !== 'too_long');

const unbilled: ReadonlySet<ProviderFailureKind> = new Set([
  'rate_limited',
  'overloaded',
  'server_error',
  'unauthorized',
  'rejected',
  'unreachable',
]);

/** Whether the model wrote nothing that anybody could bill: it answered with a status, or was not reached. */
export const isUnbilled = (error: unknown): boolean => error instanceof ProviderFailure && unbilled.has(error.kind);
