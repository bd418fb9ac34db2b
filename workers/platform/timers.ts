import type { Clock } from './clock.ts';
import { failpoint } from './failpoint.ts';
import type { Logger } from './logger.ts';
import { backoffMs } from './retry.ts';
import { firstRow, rows } from './sql.ts';

/** Table the owner's migrations must contain. */
export const TIMERS_TABLE = `
  CREATE TABLE timers (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    due_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, key)
  );
  CREATE INDEX timers_due ON timers (due_ms);
`;

/** Rows run per alarm; the rest follow at once with the next one. */
const timersPerAlarmMax = 100;
/** A failing timer is tried again after a delay within these bounds. */
const retryPolicy = { retryDelayMsMin: 1_000, retryDelayMsMax: 60_000 };
/** While a row runs it is due again after this time, so that a crash in the middle is made good; alarms never run side by side. */
const leaseMs = 5_000;

export interface Timer {
  readonly kind: string;
  readonly key: string;
  readonly attempts: number;
}

/**
 * Many timers over the one alarm of a Durable Object: the alarm is always the earliest due. Set a timer inside the transaction of the
 * state that needs it. A handler may set its own timer again; otherwise the row goes when the handler returns.
 */
export class Timers {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(storage: DurableObjectStorage, clock: Clock, logger: Logger) {
    this.#storage = storage;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Sets (or moves) a timer. Synchronous: belongs inside the caller's transaction. */
  set(kind: string, key: string, dueMs: number): void {
    this.#storage.sql.exec(
      `INSERT INTO timers (kind, key, due_ms) VALUES (?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET due_ms = excluded.due_ms, attempts = 0, generation = generation + 1`,
      kind,
      key,
      Math.floor(dueMs),
    );
    this.#arm();
  }

  /** Sets a timer unless it is set for an earlier moment. */
  setAtLatest(kind: string, key: string, dueMs: number): void {
    const due = this.dueMs(kind, key);
    if (due === null || due > dueMs) this.set(kind, key, dueMs);
  }

  clear(kind: string, key: string): void {
    this.#storage.sql.exec('DELETE FROM timers WHERE kind = ? AND key = ?', kind, key);
    this.#arm();
  }

  dueMs(kind: string, key: string): number | null {
    const query = 'SELECT due_ms FROM timers WHERE kind = ? AND key = ?';
    return firstRow<{ due_ms: number }>(this.#storage.sql, query, kind, key)?.due_ms ?? null;
  }

  /** Runs what is due, one by one. Call it from `alarm()`; it never throws: the platform gives up an alarm after six failures. */
  async runDue(handler: (timer: Timer) => Promise<void> | void): Promise<void> {
    try {
      for (const row of this.#claimDue()) await this.#runOne(row, handler);
    } catch (error) {
      this.#logger.error('timers failed', { error });
    }
    this.#arm();
  }

  /** Pushes every due row's time into the future before any runs: whatever happens next, the alarm is armed. */
  #claimDue(): TimerRow[] {
    return this.#storage.transactionSync(() => {
      const now = this.#clock.nowMs();
      const query = 'SELECT kind, key, attempts, generation FROM timers WHERE due_ms <= ? ORDER BY due_ms LIMIT ?';
      const due = rows<TimerRow>(this.#storage.sql, query, now, timersPerAlarmMax);
      for (const row of due) {
        const dueMs = now + leaseMs;
        this.#storage.sql.exec(
          'UPDATE timers SET due_ms = ?, attempts = attempts + 1 WHERE kind = ? AND key = ?',
          dueMs,
          row.kind,
          row.key,
        );
      }
      this.#arm();
      return due;
    });
  }

  async #runOne(row: TimerRow, handler: (timer: Timer) => Promise<void> | void): Promise<void> {
    try {
      await failpoint('timer.taken', `${row.kind} ${row.key}`);
      await handler({ kind: row.kind, key: row.key, attempts: row.attempts });
      const statement = 'DELETE FROM timers WHERE kind = ? AND key = ? AND generation = ?';
      this.#storage.sql.exec(statement, row.kind, row.key, row.generation);
    } catch (error) {
      this.#logger.error('timer failed and will be tried again', {
        kind: row.kind,
        key: row.key,
        attempts: row.attempts,
        error,
      });
      const dueMs = this.#clock.nowMs() + backoffMs(row.attempts + 1, retryPolicy);
      const statement = 'UPDATE timers SET due_ms = ? WHERE kind = ? AND key = ? AND generation = ?';
      this.#storage.sql.exec(statement, dueMs, row.kind, row.key, row.generation);
    }
  }

  #arm(): void {
    const next =
      firstRow<{ due_ms: number | null }>(this.#storage.sql, 'SELECT MIN(due_ms) AS due_ms FROM timers')?.due_ms ??
      null;
    // Not awaited: the write joins the caller's transaction, and the output gate holds its effects back until it is stored.
    if (next === null) void this.#storage.deleteAlarm();
    else void this.#storage.setAlarm(next);
  }
}

type TimerRow = { kind: string; key: string; attempts: number; generation: number };
