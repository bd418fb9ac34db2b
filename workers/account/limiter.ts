import type { Clock } from '../platform/clock.ts';
import { firstRow } from '../platform/sql.ts';
import type { AdmitResult } from './contract.ts';

/** Table the object's migrations must contain. */
export const LIMITER_TABLE = 'CREATE TABLE rate_window (started_ms INTEGER NOT NULL, used INTEGER NOT NULL);';

export const tradingRequestsPerWindowMax = 100;
export const tradingWindowMs = 60_000;

/**
 * Counts requests in fixed windows that start with the first request. Exact: the object is single-threaded and the count is stored,
 * so neither two isolates nor an eviction admits one more.
 */
export class Limiter {
  readonly #sql: SqlStorage;
  readonly #clock: Clock;

  constructor(sql: SqlStorage, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  admit(): AdmitResult {
    const now = this.#clock.nowMs();
    const row = firstRow<{ started_ms: number; used: number }>(this.#sql, 'SELECT started_ms, used FROM rate_window');
    const fresh = row === null || now - row.started_ms >= tradingWindowMs || now < row.started_ms;
    const startedMs = fresh ? now : row.started_ms;
    const used = fresh ? 0 : row.used;
    const allowed = used < tradingRequestsPerWindowMax;
    if (allowed) this.#store(row === null, startedMs, used + 1);
    return {
      allowed,
      limit: tradingRequestsPerWindowMax,
      remaining: Math.max(0, tradingRequestsPerWindowMax - used - (allowed ? 1 : 0)),
      resetSeconds: Math.ceil((startedMs + tradingWindowMs - now) / 1000),
    };
  }

  #store(isNew: boolean, startedMs: number, used: number): void {
    const statement = isNew
      ? 'INSERT INTO rate_window (started_ms, used) VALUES (?, ?)'
      : 'UPDATE rate_window SET started_ms = ?, used = ?';
    this.#sql.exec(statement, startedMs, used);
  }
}
