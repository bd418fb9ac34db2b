import { ERROR_CODES, type ErrorCode, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';

/** A refusal on its way out of a handler; the error handler turns it into the answer. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(`${refusal.code}: ${refusal.message}`, options);
    this.refusal = refusal;
  }
}

/** Ends a handler with a refusal. */
export function refused(
  code: ErrorCode,
  message: string,
  more: Partial<Omit<Refusal, 'code' | 'message'>> = {},
): RefusedError {
  return new RefusedError({ code, message, ...more });
}

/** The value of a result; its refusal otherwise. @throws RefusedError */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusedError(result.error);
}

/** Seconds after which an overloaded or broken part may be asked again. */
const retryAfterSecondsDefault = 2;

const busy: readonly [ErrorCode, string] = [
  'SYSTEM_004',
  'The exchange is too busy right now. Try again in a few seconds with the same Idempotency-Key.',
];
const broken: readonly [ErrorCode, string] = [
  'SYSTEM_001',
  'Something broke on our side. Try again; if it stays, report the request_id. An order is found by its client_order_id or Idempotency-Key.',
];

/** Names of errors by the part that fails; objects' errors cross as plain errors, so names and flags are what is left of them. */
const codeByErrorName: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  InvalidCursor: ['VALIDATION_001', 'cursor: Give the X-Next-Cursor of the page before.'],
  ChainUnavailable: ['CHAIN_001', 'Solana cannot be reached right now. Nothing was sent; try again in a few seconds.'],
  DatabaseUnavailable: [
    'SYSTEM_002',
    'The database cannot be reached right now. Trading goes on; try this again in a few seconds.',
  ],
  TimeoutError: busy,
  BreakerOpenError: busy,
};

/**
 * What a caller may know of whatever a handler threw. Anything unexpected is SYSTEM_001 without its message: that goes to the log alone.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusedError) return error.refusal;
  if (error instanceof Error) {
    const known = codeByErrorName[error.name];
    if (known !== undefined) return refusalNamed(known);
  }
  return refusalNamed(isOverloaded(error) ? busy : broken);
}

/** Failures of parts that may work again say when to ask. */
const refusalNamed = ([code, message]: readonly [ErrorCode, string]): Refusal => ({
  code,
  message,
  ...(ERROR_CODES[code].retryable ? { retryAfterSeconds: retryAfterSecondsDefault } : {}),
});

/** Objects mark exceptions they raise under load, and those of a move or restart, after which the same call works. */
const isOverloaded = (error: unknown): boolean =>
  error instanceof Error &&
  (('overloaded' in error && error.overloaded === true) || ('retryable' in error && error.retryable === true));

/** The answer's body. */
export function errorBody(refusal: Refusal, requestId: string, nowMs: number): ErrorResponse {
  const definition = ERROR_CODES[refusal.code];
  return {
    error: definition.error,
    message: refusal.message,
    code: refusal.code,
    timestamp: new Date(nowMs).toISOString(),
    request_id: requestId,
    retryable: definition.retryable,
    ...(refusal.details === undefined
      ? {}
      : { details: refusal.details.map(({ path, message }) => ({ path, message })) }),
  };
}

/** The whole answer to a refusal. */
export function errorResponse(refusal: Refusal, requestId: string, nowMs: number): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (refusal.retryAfterSeconds !== undefined) headers.set('retry-after', String(refusal.retryAfterSeconds));
  return new Response(JSON.stringify(errorBody(refusal, requestId, nowMs)), {
    status: ERROR_CODES[refusal.code].status,
    headers,
  });
}
