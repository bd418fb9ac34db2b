import { ApiError } from '#sdk/index.ts';

/** What a failure means to the one who asked; each has a next step of its own on screen. */
export type FailureKind =
  'session' | 'budget' | 'busy' | 'oracle' | 'model' | 'declined' | 'gone' | 'full' | 'connection' | 'other';

export interface Failure {
  readonly kind: FailureKind;
  readonly code: string;
  /** In the exchange's own words. */
  readonly message: string;
  /** When asking again makes sense; null where nothing is known. */
  readonly againAtMs: number | null;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs: number | null;
}

const kinds: Readonly<Record<string, FailureKind>> = {
  ...{ AI_001: 'model', AI_002: 'model', AI_003: 'budget', AI_004: 'gone', AI_005: 'full', AI_007: 'busy' },
  AI_008: 'declined',
  ...{ RATE_001: 'busy', MARKET_003: 'oracle', SYSTEM_004: 'busy' },
  ...{ CLIENT_NETWORK: 'connection', CLIENT_TIMEOUT: 'connection', CLIENT_BAD_ANSWER: 'connection' },
};

function kindOf(code: string): FailureKind {
  if (code.startsWith('AUTH_')) return 'session';
  if (code.startsWith('ORACLE_')) return 'oracle';
  return kinds[code] ?? 'other';
}

/** A failure that the exchange told, at the time it did. */
export const failureTold = ({ code, message, retryAfterMs }: Told, nowMs: number): Failure => ({
  ...{ kind: kindOf(code), code, message },
  againAtMs: retryAfterMs === null ? null : nowMs + retryAfterMs,
});

/** Anything that was thrown. */
export function failureOf(error: unknown, nowMs: number): Failure {
  if (error instanceof ApiError) {
    const { code, message, retryAfterMs } = error;
    return failureTold({ code, message, retryAfterMs: retryAfterMs ?? null }, nowMs);
  }
  return { kind: 'other', code: '', message: '', againAtMs: null };
}
