import type { RetryPolicy } from './retry.ts';

/** How the exchange calls what is not its own: three tries, full jitter between them, a breaker per part that opens after five failures in a row. */
export const callPolicies = {
  /** A Solana node. */
  rpc: { attemptsMax: 3, attemptTimeoutMs: 10_000, retryDelayMsMin: 100, retryDelayMsMax: 2_000 },
  /** Hermes, asked for one answer; its stream is supervised for ever instead. */
  hermes: { attemptsMax: 3, attemptTimeoutMs: 30_000, retryDelayMsMin: 250, retryDelayMsMax: 4_000 },
  /** The price history of charts. */
  history: { attemptsMax: 3, attemptTimeoutMs: 10_000, retryDelayMsMin: 500, retryDelayMsMax: 4_000 },
  /** A language model: one answer, streamed. Most of its time is the answer's own; `workers/analyst/models/bounds.ts` ends what is silent. */
  models: { attemptsMax: 2, attemptTimeoutMs: 120_000, retryDelayMsMin: 250, retryDelayMsMax: 4_000 },
} as const satisfies Record<string, RetryPolicy>;

/** Failures in a row after which a part is left alone. */
export const breakerFailuresMax = 5;
