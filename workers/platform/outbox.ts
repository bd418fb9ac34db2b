import type { Clock } from './clock.ts';
import { failpoint } from './failpoint.ts';
import type { Logger } from './logger.ts';
import { backoffMs } from './retry.ts';
import { firstRow, rows } from './sql.ts';
import type { Timers } from './timers.ts';

/** Table the owner's migrations must contain. */
export const OUTBOX_TABLE = `
  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
  );
  CREATE INDEX outbox_lane ON outbox (topic, key, id);
`;

/** Timer kind under which the owner must call `drain()`. */
export const OUTBOX_TIMER = 'outbox';

const rowsMaxDefault = 20_000;
const inFlightMax = 16;
const retryPolicy = { retryDelayMsMin: 250, retryDelayMsMax: 30_000 };
/** A row under way is looked at again after this time, in case its object died. Short: as long as the object lives, its lanes guard themselves. */
const leaseMs = 2_000;
/** Shortest time to the next look, while lanes run and otherwise. */
const busyPauseMs = 1_000;
const idlePauseMs = 50;

export interface OutboxRow {
  readonly id: number;
  readonly topic: string;
  /** Rows of one (topic, key) lane run one after another, oldest first. */
  readonly key: string;
  readonly payload: string;
  readonly attempts: number;
  readonly createdMs: number;
}

/** Does one row's effect. Must be idempotent: after a crash the same row comes again. Throwing means "later, with backoff". */
export type OutboxHandler = (row: OutboxRow) => Promise<void>;

export class OutboxFullError extends Error {
  override readonly name = 'OutboxFullError';
}

/**
 * Effects to be done, written in the same transaction as the state that asks for them. I/O happens only in the handlers; a row goes
 * when its handler returns, and comes again with full jitter when it throws. Lanes (topic, key) run side by side.
 */
export class Outbox {
  readonly #storage: DurableObjectStorage;
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rowsMax: number;
  readonly #handlers = new Map<string, OutboxHandler>();
  readonly #inFlight = new Map<string, Promise<void>>();

  constructor(storage: DurableObjectStorage, timers: Timers, clock: Clock, logger: Logger, rowsMax = rowsMaxDefault) {
    this.#storage = storage;
    this.#timers = timers;
    this.#clock = clock;
    this.#logger = logger;
    this.#rowsMax = rowsMax;
  }

  /** Registers what a topic's rows do. Once per topic, before the first drain. */
  on(topic: string, handler: OutboxHandler): void {
    if (this.#handlers.has(topic)) throw new Error(`outbox topic ${topic} has a handler already`);
    this.#handlers.set(topic, handler);
  }

  /**
   * Adds a row. Synchronous: belongs inside the caller's transaction, which OutboxFullError rolls back.
   * `drain()` after the transaction starts it at once; the timer starts it even when nobody does.
   */
  add(topic: string, key: string, payload: string, dueMs = this.#clock.nowMs()): void {
    if (this.size() >= this.#rowsMax) throw new OutboxFullError(`outbox holds ${this.#rowsMax} rows`);
    const statement = 'INSERT INTO outbox (topic, key, payload, due_ms, created_ms) VALUES (?, ?, ?, ?, ?)';
    this.#storage.sql.exec(statement, topic, key, payload, Math.floor(dueMs), this.#clock.nowMs());
    this.#timers.setAtLatest(OUTBOX_TIMER, '', dueMs);
  }

  /** As `add`, `pauseMs` from now, unless a row of this lane waits that no handler has seen yet: for effects that read the newest state themselves. */
  addOnce(topic: string, key: string, payload = '', pauseMs = 0): void {
    const query = 'SELECT 1 AS found FROM outbox WHERE topic = ? AND key = ? AND attempts = 0';
    if (firstRow(this.#storage.sql, query, topic, key) === null)
      this.add(topic, key, payload, this.#clock.nowMs() + pauseMs);
  }

  size(topic?: string): number {
    const query = 'SELECT COUNT(*) AS size FROM outbox WHERE topic = COALESCE(?, topic)';
    return firstRow<{ size: number }>(this.#storage.sql, query, topic ?? null)?.size ?? 0;
  }

  /** Starts every due lane that is not under way and re-arms the timer. Returns at once; `idle()` waits for the effects. */
  drain(): void {
    for (const row of this.#due()) {
      const lane = laneOf(row);
      if (this.#inFlight.has(lane)) continue;
      if (this.#inFlight.size >= inFlightMax) break;
      const run = this.#run(row).finally(() => {
        this.#inFlight.delete(lane);
        this.drain();
      });
      this.#inFlight.set(lane, run);
    }
    this.#arm();
  }

  /** Resolves when nothing is under way (rows that wait for a later try do not count). */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight.values());
  }

  async #run(row: OutboxRow): Promise<void> {
    const { sql } = this.#storage;
    try {
      const handler = this.#handlers.get(row.topic);
      if (handler === undefined) throw new Error(`outbox topic ${row.topic} has no handler`);
      sql.exec(
        'UPDATE outbox SET attempts = attempts + 1, due_ms = ? WHERE id = ?',
        this.#clock.nowMs() + leaseMs,
        row.id,
      );
      await failpoint('outbox.taken', `${row.topic} ${row.key}`);
      await handler(row);
      await failpoint('outbox.done', `${row.topic} ${row.key}`);
      sql.exec('DELETE FROM outbox WHERE id = ?', row.id);
    } catch (error) {
      const dueMs = this.#clock.nowMs() + backoffMs(row.attempts + 1, retryPolicy);
      this.#logger.warn('outbox row failed and will be tried again', {
        topic: row.topic,
        key: row.key,
        attempts: row.attempts + 1,
        error,
      });
      sql.exec('UPDATE outbox SET due_ms = ? WHERE id = ?', dueMs, row.id);
    }
  }

  /** The oldest row of every lane, if due. A lane under way is due too while its lease runs out: the map above guards it. */
  #due(): OutboxRow[] {
    const query = `
      SELECT id, topic, key, payload, attempts, created_ms AS createdMs FROM outbox
      WHERE id IN (SELECT MIN(id) FROM outbox GROUP BY topic, key) AND due_ms <= ?
      ORDER BY id LIMIT ?`;
    return rows<OutboxRow & Record<string, SqlStorageValue>>(
      this.#storage.sql,
      query,
      this.#clock.nowMs(),
      inFlightMax * 4,
    );
  }

  #arm(): void {
    const query =
      'SELECT MIN(due_ms) AS due_ms FROM outbox WHERE id IN (SELECT MIN(id) FROM outbox GROUP BY topic, key)';
    const next = firstRow<{ due_ms: number | null }>(this.#storage.sql, query)?.due_ms ?? null;
    if (next === null) return this.#timers.clear(OUTBOX_TIMER, '');
    // Never for a moment that has passed: a lane that outlives its lease would make the alarm spin.
    const pauseMs = this.#inFlight.size > 0 ? busyPauseMs : idlePauseMs;
    this.#timers.set(OUTBOX_TIMER, '', Math.max(next, this.#clock.nowMs() + pauseMs));
  }
}

const laneOf = (row: Pick<OutboxRow, 'topic' | 'key'>): string => `${row.topic} ${row.key}`;
