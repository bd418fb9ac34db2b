/**
 * Every error a caller can meet: stable code → HTTP status, class, whether the same request may succeed later, and a title.
 * Codes are append-only: a code never changes its meaning. Each has a page in `docs/errors/`.
 */
export interface ErrorDefinition {
  /** HTTP status of the answer. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503 | 504;
  /** The `error` field: the class of the failure. */
  readonly error: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** One line, in the caller's words. */
  readonly title: string;
}

const define = <const T extends Record<string, ErrorDefinition>>(codes: T): T => codes;

export const ERROR_CODES = define({
  AUTH_001: { status: 401, error: 'AuthenticationError', retryable: false, title: 'No valid access token' },
  AUTH_002: { status: 401, error: 'AuthenticationError', retryable: false, title: 'Access token expired' },
  AUTH_003: { status: 401, error: 'AuthenticationError', retryable: false, title: 'Sign-in nonce expired or unknown' },
  AUTH_004: { status: 401, error: 'AuthenticationError', retryable: false, title: 'Wallet signature does not fit' },
  AUTH_005: { status: 401, error: 'AuthenticationError', retryable: false, title: 'Sign-in nonce already used' },
  AUTH_006: {
    status: 401,
    error: 'AuthenticationError',
    retryable: false,
    title: 'Refresh token invalid or used twice',
  },
  AUTH_007: { status: 403, error: 'AuthenticationError', retryable: false, title: 'Not allowed for this account' },
  AUTH_008: { status: 403, error: 'AuthenticationError', retryable: false, title: 'Account disabled' },
  AUTH_009: {
    status: 403,
    error: 'AuthenticationError',
    retryable: false,
    title: 'Identity check refused: positions can only be reduced',
  },
  AUTH_010: { status: 401, error: 'AuthenticationError', retryable: false, title: 'Session ended' },
  AUTH_011: { status: 403, error: 'AuthenticationError', retryable: false, title: 'Fresh wallet signature needed' },
  AUTH_012: { status: 404, error: 'AuthenticationError', retryable: false, title: 'No such session of yours' },
  AUTH_013: {
    status: 409,
    error: 'AuthenticationError',
    retryable: false,
    title: 'E-mail address belongs to another account',
  },
  AUTH_014: { status: 409, error: 'AuthenticationError', retryable: false, title: 'Too many API sessions' },
  AUTH_015: { status: 404, error: 'AuthenticationError', retryable: false, title: 'No such user or dead letter' },
  VALIDATION_001: { status: 400, error: 'ValidationError', retryable: false, title: 'Request does not fit the schema' },
  VALIDATION_002: { status: 400, error: 'ValidationError', retryable: false, title: 'Body is not JSON' },
  VALIDATION_003: { status: 413, error: 'ValidationError', retryable: false, title: 'Body larger than 64 KB' },
  VALIDATION_004: { status: 400, error: 'ValidationError', retryable: false, title: 'Not a Solana wallet address' },
  VALIDATION_005: {
    status: 400,
    error: 'ValidationError',
    retryable: false,
    title: 'Decimal with too many places or out of range',
  },
  VALIDATION_006: { status: 415, error: 'ValidationError', retryable: false, title: 'Content type is not JSON' },
  VALIDATION_007: {
    status: 400,
    error: 'ValidationError',
    retryable: false,
    title: 'Invalid Idempotency-Key or request id',
  },
  TRADING_001: { status: 404, error: 'TradingError', retryable: false, title: 'No such order of yours' },
  TRADING_002: { status: 422, error: 'TradingError', retryable: false, title: 'Not enough free collateral' },
  TRADING_003: { status: 422, error: 'TradingError', retryable: false, title: "Leverage above the market's limit" },
  TRADING_004: {
    status: 422,
    error: 'TradingError',
    retryable: false,
    title: 'Price moved past the worst price you accept',
  },
  TRADING_005: {
    status: 422,
    error: 'TradingError',
    retryable: false,
    title: 'Reduce-only order would not reduce a position',
  },
  TRADING_006: { status: 404, error: 'TradingError', retryable: false, title: 'No such position of yours' },
  TRADING_007: { status: 409, error: 'TradingError', retryable: false, title: 'Order can no longer be cancelled' },
  TRADING_008: { status: 409, error: 'TradingError', retryable: false, title: 'client_order_id already used' },
  TRADING_009: {
    status: 409,
    error: 'TradingError',
    retryable: false,
    title: 'Idempotency-Key already used with another body',
  },
  TRADING_010: {
    status: 409,
    error: 'TradingError',
    retryable: true,
    title: 'The first request with this Idempotency-Key is still running',
  },
  TRADING_011: { status: 422, error: 'TradingError', retryable: false, title: 'Too many open orders' },
  TRADING_012: { status: 422, error: 'TradingError', retryable: false, title: "Below the market's minimum notional" },
  TRADING_013: {
    status: 422,
    error: 'TradingError',
    retryable: true,
    title: 'Market is at its open-interest or reserve limit',
  },
  TRADING_014: { status: 409, error: 'TradingError', retryable: false, title: 'No trading account on chain yet' },
  TRADING_015: {
    status: 403,
    error: 'TradingError',
    retryable: false,
    title: 'Delegation missing, expired or used up',
  },
  TRADING_016: { status: 409, error: 'TradingError', retryable: true, title: 'Position changed meanwhile' },
  TRADING_017: {
    status: 422,
    error: 'TradingError',
    retryable: false,
    title: 'Position can win nothing more and is not increased',
  },
  TRADING_018: { status: 422, error: 'TradingError', retryable: false, title: 'Margin would be too low' },
  TRADING_019: {
    status: 422,
    error: 'TradingError',
    retryable: false,
    title: 'Not a transaction built here in the last 10 minutes',
  },
  TRADING_020: { status: 409, error: 'TradingError', retryable: false, title: 'Transaction expired before it landed' },
  TRADING_021: { status: 422, error: 'TradingError', retryable: false, title: 'The program refused the transaction' },
  TRADING_022: { status: 404, error: 'TradingError', retryable: false, title: 'No command with this Idempotency-Key' },
  TRADING_023: { status: 422, error: 'TradingError', retryable: false, title: 'Position of the other side is open' },
  TRADING_024: { status: 409, error: 'TradingError', retryable: false, title: 'Order can no longer be amended' },
  TRADING_025: {
    status: 422,
    error: 'TradingError',
    retryable: false,
    title: 'Take-profit or stop-loss on the wrong side of the price',
  },
  TRADING_026: {
    status: 409,
    error: 'TradingError',
    retryable: false,
    title: 'The other exit of its group was executed',
  },
  TRADING_027: {
    status: 409,
    error: 'TradingError',
    retryable: false,
    title: 'The position that it was to close is closed',
  },
  TRADING_028: {
    status: 409,
    error: 'TradingError',
    retryable: false,
    title: 'The exits of the position were set anew',
  },
  TRADING_029: { status: 409, error: 'TradingError', retryable: false, title: 'cancel-after ran out' },
  TRADING_030: { status: 409, error: 'TradingError', retryable: false, title: 'Cancelled by its trader' },
  TRADING_031: { status: 409, error: 'TradingError', retryable: false, title: 'expires_at passed' },
  MARKET_001: { status: 404, error: 'MarketError', retryable: false, title: 'Unknown market symbol' },
  MARKET_002: { status: 422, error: 'MarketError', retryable: true, title: 'Market is reduce-only' },
  MARKET_003: { status: 422, error: 'MarketError', retryable: true, title: 'Market is halted' },
  MARKET_004: { status: 422, error: 'MarketError', retryable: true, title: 'Price moves too fast to open' },
  MARKET_005: { status: 422, error: 'MarketError', retryable: true, title: 'Operation is switched off in this market' },
  ORACLE_001: { status: 503, error: 'OracleError', retryable: true, title: 'Oracle price is stale' },
  ORACLE_002: { status: 503, error: 'OracleError', retryable: true, title: 'Oracle price is too uncertain' },
  ORACLE_003: { status: 503, error: 'OracleError', retryable: true, title: 'No oracle price yet' },
  ORACLE_004: { status: 503, error: 'OracleError', retryable: true, title: 'Oracle price too far from its average' },
  CHAIN_001: { status: 503, error: 'ChainError', retryable: true, title: 'Solana cannot be reached' },
  CHAIN_002: { status: 422, error: 'ChainError', retryable: false, title: 'Transaction would fail' },
  CHAIN_003: { status: 503, error: 'ChainError', retryable: true, title: 'Transaction not confirmed in time' },
  CHAIN_004: { status: 422, error: 'ChainError', retryable: false, title: 'Wallet lacks the tokens for this' },
  RISK_001: { status: 422, error: 'RiskError', retryable: false, title: 'Position is under liquidation' },
  RISK_002: { status: 422, error: 'RiskError', retryable: false, title: 'Stop-loss behind the liquidation price' },
  RATE_001: { status: 429, error: 'RateLimitError', retryable: true, title: 'Too many requests' },
  RATE_002: {
    status: 429,
    error: 'RateLimitError',
    retryable: true,
    title: 'Faucet used too recently or budget spent',
  },
  RATE_003: {
    status: 429,
    error: 'RateLimitError',
    retryable: true,
    title: 'The exchange has paid for enough transactions today',
  },
  AI_001: { status: 503, error: 'AssistantError', retryable: true, title: 'The language model broke off' },
  AI_002: {
    status: 502,
    error: 'AssistantError',
    retryable: true,
    title: 'Answer of the language model cannot be used',
  },
  AI_003: {
    status: 429,
    error: 'AssistantError',
    retryable: true,
    title: "Today's budget of language models is spent",
  },
  AI_004: { status: 404, error: 'AssistantError', retryable: false, title: 'No such conversation of yours' },
  AI_005: {
    status: 409,
    error: 'AssistantError',
    retryable: false,
    title: 'Conversation is full, or too many are kept',
  },
  AI_006: { status: 422, error: 'AssistantError', retryable: false, title: 'No such analysis of yours' },
  AI_007: { status: 429, error: 'AssistantError', retryable: true, title: 'Too many questions in an hour' },
  AI_008: { status: 422, error: 'AssistantError', retryable: false, title: 'The language model declines to answer' },
  SYSTEM_001: { status: 500, error: 'SystemError', retryable: true, title: 'Something broke on our side' },
  SYSTEM_002: { status: 503, error: 'SystemError', retryable: true, title: 'Database cannot be reached' },
  SYSTEM_003: { status: 404, error: 'SystemError', retryable: false, title: 'No such endpoint' },
  SYSTEM_004: { status: 503, error: 'SystemError', retryable: true, title: 'Too busy right now' },
  SYSTEM_005: { status: 405, error: 'SystemError', retryable: false, title: 'Method not allowed here' },
  SYSTEM_006: { status: 404, error: 'SystemError', retryable: false, title: 'Not available on this network' },
});

export type ErrorCode = keyof typeof ERROR_CODES;

/** One failed field or condition. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

/** A refusal as a value: what crosses object boundaries, where thrown errors would lose their fields. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What happened and what to do, in the caller's words. */
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
  /** Seconds after which a retry makes sense (429, 503). */
  readonly retryAfterSeconds?: number;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Refusal };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const refuse = (
  code: ErrorCode,
  message: string,
  more: Partial<Omit<Refusal, 'code' | 'message'>> = {},
): Result<never> => ({
  ok: false,
  error: { code, message, ...more },
});
