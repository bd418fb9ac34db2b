import type { ErrorDetail } from '#shared/protocol/error-codes.ts';

/** Codes the client itself raises when no answer of the exchange exists. */
export type ClientErrorCode = 'CLIENT_NETWORK' | 'CLIENT_TIMEOUT' | 'CLIENT_ABORTED' | 'CLIENT_BAD_ANSWER';

export interface ApiErrorFields {
  /** HTTP status; 0 when no answer arrived. */
  readonly status: number;
  /** Stable code of the exchange (docs/errors) or one of `ClientErrorCode`. */
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly requestId?: string;
  readonly details?: readonly ErrorDetail[];
  /** What `Retry-After` asked for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A refused or failed request. `code` is what programs branch on; `message` is fit for a person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;
  readonly requestId: string | undefined;
  readonly details: readonly ErrorDetail[];
  readonly retryAfterMs: number | undefined;

  constructor(fields: ApiErrorFields, options?: ErrorOptions) {
    super(fields.message, options);
    this.status = fields.status;
    this.code = fields.code;
    this.retryable = fields.retryable;
    this.requestId = fields.requestId;
    this.details = fields.details ?? [];
    this.retryAfterMs = fields.retryAfterMs;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isDetail = (value: unknown): value is ErrorDetail =>
  isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string';

/** Reads the exchange's error body; an answer of another shape (a proxy's page, say) becomes CLIENT_BAD_ANSWER. */
export function errorFromAnswer(status: number, body: unknown, retryAfterMs: number | undefined): ApiError {
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (!isRecord(body) || typeof body.code !== 'string' || typeof body.message !== 'string') {
    return new ApiError({
      status,
      code: 'CLIENT_BAD_ANSWER',
      message: `The exchange answered ${status} without an error body.`,
      retryable: status === 429 || status >= 502,
      ...after,
    });
  }
  return new ApiError({
    status,
    code: body.code,
    message: body.message,
    retryable: body.retryable === true,
    details: Array.isArray(body.details) ? body.details.filter(isDetail) : [],
    ...(typeof body.request_id === 'string' ? { requestId: body.request_id } : {}),
    ...after,
  });
}
