import { ERROR_CODES, refuse, type ErrorCode, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import type { Clock } from '../platform/clock.ts';
import { firstRow } from '../platform/sql.ts';
import type { CommandMeta } from './contract.ts';

/** Table the object's migrations must contain. */
export const COMMANDS_TABLE = `
  CREATE TABLE commands (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL UNIQUE,
    body_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_ids TEXT NOT NULL,
    refusal TEXT,
    created_ms INTEGER NOT NULL
  );
  CREATE INDEX commands_created ON commands (created_ms);
`;

export const commandsKeptMax = 10_000;
export const commandsKeptMs = 24 * 3_600_000;

/** What a command answers where that is no order. */
export const COMMAND_ANSWERS = 'ALTER TABLE commands ADD COLUMN answer TEXT;';

/** What a command did: the orders it concerns, and what else it answered. */
export interface CommandOutcome {
  readonly orderIds?: readonly string[];
  readonly answer?: unknown;
  readonly refusal?: Refusal;
}

/** A request that had its answer: what it did, or why it was refused. */
export interface StoredCommand {
  readonly idempotencyKey: string;
  readonly kind: string;
  readonly orderIds: readonly string[];
  /** As `finish` was given it; null where the orders say all. */
  readonly answer: unknown;
  readonly refusal: Refusal | null;
  readonly createdAtMs: number;
}

/** A request under way in this incarnation of the object. */
export interface RunningCommand {
  readonly bodyHash: string;
  readonly kind: string;
  readonly startedAtMs: number;
}

export type CommandStart =
  | { readonly kind: 'run' }
  | { readonly kind: 'replay'; readonly command: StoredCommand }
  | { readonly kind: 'refused'; readonly result: Result<never> };

type CommandRow = {
  idempotency_key: string;
  body_hash: string;
  kind: string;
  order_ids: string;
  answer: string | null;
  refusal: string | null;
  created_ms: number;
};

/**
 * Remembers what became of each `Idempotency-Key`. The row is written in the transaction of the effect, so the two exist together or
 * not at all; a request under way is known to this incarnation of the object only, because without its row it had no effect.
 */
export class Idempotency {
  readonly #sql: SqlStorage;
  readonly #clock: Clock;
  readonly #running = new Map<string, RunningCommand>();

  constructor(sql: SqlStorage, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** Asks to run a command. After `run`, `release` must follow whatever happens. */
  start(meta: CommandMeta, kind: string): CommandStart {
    const key = meta.idempotencyKey;
    if (key === null) return { kind: 'run' };
    const running = this.#running.get(key);
    const row = running === undefined ? this.#row(key) : null;
    const bodyHash = running?.bodyHash ?? row?.body_hash;
    if (bodyHash !== undefined && bodyHash !== meta.bodyHash) {
      const message = 'This Idempotency-Key belongs to a request with another body. Use a new key for a new request.';
      return { kind: 'refused', result: refuse('TRADING_009', message) };
    }
    if (running !== undefined) {
      const message = 'The first request with this Idempotency-Key is still running. Ask again in a moment.';
      return { kind: 'refused', result: refuse('TRADING_010', message, { retryAfterSeconds: 1 }) };
    }
    if (row !== null) return { kind: 'replay', command: decode(row) };
    this.#running.set(key, { bodyHash: meta.bodyHash, kind, startedAtMs: this.#clock.nowMs() });
    return { kind: 'run' };
  }

  /**
   * Stores the answer. Belongs inside the transaction of the effect; what is stored already stays. Failures of ours and rate limits are not
   * stored: they may pass.
   */
  finish(meta: CommandMeta, kind: string, { orderIds = [], answer = null, refusal }: CommandOutcome): void {
    const key = meta.idempotencyKey;
    if (key === null || (refusal !== undefined && !isKept(refusal.code))) return;
    this.prune();
    this.#sql.exec(
      `INSERT INTO commands (idempotency_key, body_hash, kind, order_ids, answer, refusal, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (idempotency_key) DO NOTHING`,
      key,
      meta.bodyHash,
      kind,
      JSON.stringify(orderIds),
      answer === null ? null : JSON.stringify(answer),
      refusal === undefined ? null : JSON.stringify(refusal),
      this.#clock.nowMs(),
    );
    this.prune();
  }

  release(meta: CommandMeta): void {
    if (meta.idempotencyKey !== null) this.#running.delete(meta.idempotencyKey);
  }

  running(key: string): RunningCommand | null {
    return this.#running.get(key) ?? null;
  }

  find(key: string): StoredCommand | null {
    const row = this.#row(key);
    return row === null ? null : decode(row);
  }

  /** Forgets what is older than 24 h or beyond the bound. */
  prune(): void {
    this.#sql.exec('DELETE FROM commands WHERE created_ms <= ?', this.#clock.nowMs() - commandsKeptMs);
    this.#sql.exec('DELETE FROM commands WHERE number <= (SELECT MAX(number) FROM commands) - ?', commandsKeptMax);
  }

  #row(key: string): CommandRow | null {
    const query = 'SELECT * FROM commands WHERE idempotency_key = ? AND created_ms > ?';
    return firstRow<CommandRow>(this.#sql, query, key, this.#clock.nowMs() - commandsKeptMs);
  }
}

/** Whether a refusal is an answer for good: 5xx and 429 are not stored. */
const isKept = (code: ErrorCode): boolean => ERROR_CODES[code].status < 500 && ERROR_CODES[code].status !== 429;

const decode = (row: CommandRow): StoredCommand => ({
  idempotencyKey: row.idempotency_key,
  kind: row.kind,
  orderIds: JSON.parse(row.order_ids) as string[],
  answer: row.answer === null ? null : (JSON.parse(row.answer) as unknown),
  refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as Refusal),
  createdAtMs: row.created_ms,
});
