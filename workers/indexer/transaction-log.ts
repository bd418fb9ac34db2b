import { execute, firstRow, rows } from '../platform/sql.ts';
import type { SignatureInfo } from './chain-reader.ts';

/**
 * Tables the owner's migrations must contain. `staged_signatures` holds pages (newest first) until the cursor is reached; then they move to
 * `transactions`, oldest first. `number` is the order of reading.
 */
export const TRANSACTION_TABLES = `
  CREATE TABLE staged_signatures (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    signature TEXT NOT NULL UNIQUE,
    slot INTEGER NOT NULL,
    failed INTEGER NOT NULL
  );
  CREATE TABLE transactions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    signature TEXT NOT NULL UNIQUE,
    slot INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unread', 'read')),
    misses INTEGER NOT NULL DEFAULT 0,
    final INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX transactions_unread ON transactions (number) WHERE state = 'unread';
  CREATE INDEX transactions_not_final ON transactions (number) WHERE final = 0;
`;

/** Transactions behind the cursor that are remembered, to know them when they turn up again. */
const rememberedMax = 2_000;

export type KnownTransaction = { number: number; signature: string; slot: number; misses: number };

/** Which transactions of the program exist, in order, and how far each has come. */
export class TransactionLog {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Newest transaction up to which everything is final and read: where the next pages end. Null at the beginning of history. */
  cursor(): string | null {
    // One lookup per partial index: asked with OR, every poll would read the whole table.
    const query = `
      SELECT signature FROM transactions
      WHERE number < MIN(
        COALESCE((SELECT MIN(number) FROM transactions WHERE final = 0), 9007199254740991),
        COALESCE((SELECT MIN(number) FROM transactions WHERE state = 'unread'), 9007199254740991)
      ) ORDER BY number DESC LIMIT 1`;
    return firstRow<{ signature: string }>(this.#storage.sql, query)?.signature ?? null;
  }

  /** Where an unfinished collection goes on; null when none is under way. */
  stagedBefore(): string | null {
    const query = 'SELECT signature FROM staged_signatures ORDER BY number DESC LIMIT 1';
    return firstRow<{ signature: string }>(this.#storage.sql, query)?.signature ?? null;
  }

  /** Keeps a page, newest first, while older ones are still missing. */
  stage(page: readonly SignatureInfo[]): void {
    const statement = 'INSERT OR IGNORE INTO staged_signatures (signature, slot, failed) VALUES (?, ?, ?)';
    this.#storage.transactionSync(() => {
      for (const { signature, slot, failed } of page) {
        this.#storage.sql.exec(statement, signature, slot, failed ? 1 : 0);
      }
    });
  }

  /**
   * The cursor is reached: what was staged follows what is known, oldest first. Failed ones count as read: they changed nothing. Answers how
   * many were unknown.
   */
  commitStaged(): number {
    if (this.stagedBefore() === null) return 0;
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const added = execute(
        sql,
        `INSERT OR IGNORE INTO transactions (signature, slot, state)
         SELECT signature, slot, CASE failed WHEN 1 THEN 'read' ELSE 'unread' END FROM staged_signatures ORDER BY number DESC`,
      );
      sql.exec('DELETE FROM staged_signatures');
      return added;
    });
  }

  /** Transactions found elsewhere (behind a hole), oldest first. Answers how many were unknown. */
  addFound(found: readonly SignatureInfo[]): number {
    const statement = 'INSERT OR IGNORE INTO transactions (signature, slot, state) VALUES (?, ?, ?)';
    return this.#storage.transactionSync(() => {
      let added = 0;
      for (const { signature, slot, failed } of found) {
        added += execute(this.#storage.sql, statement, signature, slot, failed ? 'read' : 'unread');
      }
      return added;
    });
  }

  /** What is to be read, oldest first; those that somebody waits for come before all others. */
  unread(limit: number, urgent: Iterable<string> = []): KnownTransaction[] {
    const query =
      "SELECT number, signature, slot, misses FROM transactions WHERE state = 'unread' ORDER BY number LIMIT ?";
    const one = "SELECT number, signature, slot, misses FROM transactions WHERE state = 'unread' AND signature = ?";
    const first = [...urgent].flatMap((signature) => rows<KnownTransaction>(this.#storage.sql, one, signature));
    const known = new Set(first.map(({ signature }) => signature));
    const rest = rows<KnownTransaction>(this.#storage.sql, query, limit);
    return [...first, ...rest.filter(({ signature }) => !known.has(signature))].slice(0, limit);
  }

  markRead(signature: string): void {
    this.#storage.sql.exec("UPDATE transactions SET state = 'read' WHERE signature = ?", signature);
  }

  /** The node listed it and does not have it (yet). */
  markMissed(signature: string): void {
    this.#storage.sql.exec('UPDATE transactions SET misses = misses + 1 WHERE signature = ?', signature);
  }

  /** Forgets everything from a slot on: the next pages list it again, as it is now. */
  removeFrom(slot: number): void {
    this.#storage.sql.exec('DELETE FROM transactions WHERE slot >= ?', slot);
    this.#storage.sql.exec('DELETE FROM staged_signatures');
  }

  forget(signature: string): void {
    this.#storage.sql.exec('DELETE FROM transactions WHERE signature = ?', signature);
  }

  isRead(signature: string): boolean {
    const query = "SELECT 1 AS one FROM transactions WHERE signature = ? AND state = 'read'";
    return firstRow(this.#storage.sql, query, signature) !== null;
  }

  /** Read transactions that a finalized slot has reached, oldest first. */
  toVerify(finalizedSlot: number, limit: number): KnownTransaction[] {
    const query = `
      SELECT number, signature, slot, misses FROM transactions
      WHERE final = 0 AND state = 'read' AND slot <= ? ORDER BY number LIMIT ?`;
    return rows<KnownTransaction>(this.#storage.sql, query, finalizedSlot, limit);
  }

  /** Those listed as final in the slot they were read in are final. Answers how many became so. */
  markFinal(listed: readonly Pick<SignatureInfo, 'signature' | 'slot'>[]): number {
    const statement = 'UPDATE transactions SET final = 1 WHERE signature = ? AND slot = ? AND final = 0';
    return this.#storage.transactionSync(() =>
      listed.reduce((sum, { signature, slot }) => sum + execute(this.#storage.sql, statement, signature, slot), 0),
    );
  }

  /** Whether one of these is known already: what is older is known too, but for what a node left out. */
  knowsAnyOf(page: readonly SignatureInfo[]): boolean {
    const query = 'SELECT 1 AS one FROM transactions WHERE signature = ?';
    return page.some(({ signature }) => firstRow(this.#storage.sql, query, signature) !== null);
  }

  /** The transaction read after another one; null for the newest. */
  after(number: number): string | null {
    const query = 'SELECT signature FROM transactions WHERE number > ? ORDER BY number LIMIT 1';
    return firstRow<{ signature: string }>(this.#storage.sql, query, number)?.signature ?? null;
  }

  prune(): void {
    this.#storage.sql.exec(
      `DELETE FROM transactions WHERE final = 1 AND state = 'read'
       AND number <= (SELECT number FROM transactions ORDER BY number DESC LIMIT 1 OFFSET ?)`,
      rememberedMax,
    );
  }

  /** The transaction read before another one; null for the first. */
  before(signature: string): string | null {
    const query = `
      SELECT signature FROM transactions
      WHERE number < (SELECT number FROM transactions WHERE signature = ?) ORDER BY number DESC LIMIT 1`;
    return firstRow<{ signature: string }>(this.#storage.sql, query, signature)?.signature ?? null;
  }

  /** Forgets everything after a transaction (all of it for null): the next pages list it again. */
  rewind(signature: string | null): void {
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const known = firstRow<{ number: number }>(sql, 'SELECT number FROM transactions WHERE signature = ?', signature);
      sql.exec('DELETE FROM transactions WHERE number > ?', known?.number ?? 0);
      sql.exec('DELETE FROM staged_signatures');
    });
  }

  newest(): { signature: string; slot: number } | null {
    return firstRow(this.#storage.sql, 'SELECT signature, slot FROM transactions ORDER BY number DESC LIMIT 1');
  }
}
