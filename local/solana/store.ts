import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ChainAccount } from './account.ts';
import type { Slot } from './blockhashes.ts';
import type { TransactionError } from './transaction-error.ts';
import type { TransactionMeta } from './transaction-meta.ts';

/** Transactions kept for the history methods. More than can land while one blockhash is valid. */
export const historyTransactionsMax = 200_000;
/** Slots whose time is kept: a day of 400 ms slots. */
export const slotsKeptMax = 216_000;
/** Rows removed at a time, so that no slot waits for a long clean-up. */
const pruneRowsMax = 1_000;
const schemaVersion = '1';

/** A transaction that landed, failed or not. */
export interface LandedTransaction {
  /** Its place in the chain's order. */
  readonly ordinal: number;
  readonly signature: string;
  readonly slot: number;
  /** Unix seconds. */
  readonly time: number;
  readonly err: TransactionError | null;
  readonly version: 'legacy' | 0;
  readonly raw: Uint8Array;
  readonly meta: TransactionMeta;
}

export type TransactionHead = Pick<LandedTransaction, 'ordinal' | 'signature' | 'slot' | 'time' | 'err'>;

const schema = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS slots (slot INTEGER PRIMARY KEY, blockhash TEXT NOT NULL, time INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS accounts (
    address TEXT PRIMARY KEY, lamports INTEGER NOT NULL, owner TEXT NOT NULL, executable INTEGER NOT NULL, data BLOB NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS transactions (
    ordinal INTEGER PRIMARY KEY, signature TEXT NOT NULL UNIQUE, slot INTEGER NOT NULL, time INTEGER NOT NULL,
    err TEXT, version TEXT NOT NULL, raw BLOB NOT NULL, meta TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS address_transactions (
    address TEXT NOT NULL, ordinal INTEGER NOT NULL, PRIMARY KEY (address, ordinal)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS address_transactions_ordinal ON address_transactions (ordinal);
`;

/**
 * The chain's durable state, in one SQLite file. Every change is committed to the write-ahead log before anybody hears of
 * it, so killing the process loses nothing that a client was told; a power failure may lose the last moments and never
 * leaves half a transaction. The file is locked: two servers can't share it.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens or creates the state in `directory`; undefined keeps it in memory. Throws when another server holds it. */
  constructor(directory: string | undefined) {
    if (directory !== undefined) mkdirSync(directory, { recursive: true });
    this.#db = new DatabaseSync(directory === undefined ? ':memory:' : join(directory, 'chain.sqlite'));
    try {
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      this.#db.exec(schema);
    } catch (error) {
      this.#db.close();
      if (!String(error).includes('database is locked')) throw error;
      throw new Error(`Another server uses the state in ${directory}`, { cause: error });
    }
    const version = this.meta('schema_version') ?? schemaVersion;
    if (version !== schemaVersion)
      throw new Error(`The state has format ${version}, this server ${schemaVersion}: start afresh`);
    this.setMeta('schema_version', schemaVersion);
  }

  close(): void {
    this.#db.close();
  }

  /** Runs `write` as one unit: all of it or nothing is kept. */
  atomically(write: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  meta(name: string): string | undefined {
    return this.#sql('SELECT value FROM meta WHERE name = ?').get(name)?.['value'] as string | undefined;
  }

  setMeta(name: string, value: string): void {
    this.#sql('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);
  }

  addSlot({ slot, blockhash, time }: Slot): void {
    this.#sql('INSERT INTO slots VALUES (?, ?, ?)').run(slot, blockhash, time);
  }

  /** The newest `count` slots, oldest first. */
  lastSlots(count: number): Slot[] {
    const rows = this.#sql('SELECT slot, blockhash, time FROM slots ORDER BY slot DESC LIMIT ?').all(count);
    return (rows as unknown as Slot[]).toReversed();
  }

  slotTime(slot: number): number | undefined {
    return this.#sql('SELECT time FROM slots WHERE slot = ?').get(slot)?.['time'] as number | undefined;
  }

  /** Writes an account; one without lamports is removed. */
  putAccount({ address, lamports, owner, executable, data }: ChainAccount): void {
    if (lamports === 0n) this.#sql('DELETE FROM accounts WHERE address = ?').run(address);
    else
      this.#sql('INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?)').run(
        address,
        lamports,
        owner,
        executable ? 1 : 0,
        data,
      );
  }

  /** Every account the chain ever changed and that still exists, programs last. */
  *accounts(): Generator<ChainAccount> {
    const statement = this.#db.prepare('SELECT * FROM accounts ORDER BY executable');
    statement.setReadBigInts(true);
    for (const row of statement.iterate()) {
      const { address, lamports, owner, executable, data } = row as unknown as ChainAccount & { executable: bigint };
      yield { address, lamports, owner, data, executable: executable === 1n };
    }
  }

  addTransaction(transaction: LandedTransaction, keys: readonly string[]): void {
    const { ordinal, signature, slot, time, err, version, raw, meta } = transaction;
    const error = err === null ? null : JSON.stringify(err);
    this.#sql('INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      ...([ordinal, signature, slot, time, error, String(version), raw, JSON.stringify(meta)] as const),
    );
    const link = this.#sql('INSERT OR IGNORE INTO address_transactions VALUES (?, ?)');
    for (const key of keys) link.run(key, ordinal);
  }

  /** Transactions from a slot on, oldest first. */
  transactionsFrom(slot: number): LandedTransaction[] {
    const found = this.#sql('SELECT signature FROM transactions WHERE slot >= ? ORDER BY ordinal').all(slot);
    return found.flatMap((row) => this.transaction(String(row['signature'])) ?? []);
  }

  /** Forgets a transaction, as if it had never landed. */
  removeTransaction(ordinal: number): void {
    this.#sql('DELETE FROM address_transactions WHERE ordinal = ?').run(ordinal);
    this.#sql('DELETE FROM transactions WHERE ordinal = ?').run(ordinal);
  }

  /** Ordinal of the newest transaction, 0 when there is none. */
  lastOrdinal(): number {
    return Number(this.#sql('SELECT max(ordinal) AS last FROM transactions').get()?.['last'] ?? 0);
  }

  transaction(signature: string): LandedTransaction | undefined {
    const row = this.#sql('SELECT * FROM transactions WHERE signature = ?').get(signature);
    if (row === undefined) return undefined;
    const { meta, version, raw } = row as { meta: string; version: string; raw: Uint8Array };
    return { ...head(row), raw, version: version === '0' ? 0 : 'legacy', meta: JSON.parse(meta) as TransactionMeta };
  }

  transactionHead(signature: string): TransactionHead | undefined {
    const row = this.#sql('SELECT ordinal, signature, slot, time, err FROM transactions WHERE signature = ?').get(
      signature,
    );
    return row === undefined ? undefined : head(row);
  }

  /** Transactions that name an address, with after < ordinal < before and slot ≤ slotMax, newest first. */
  addressTransactions(
    address: string,
    range: { readonly before: number; readonly after: number; readonly slotMax: number; readonly limit: number },
  ): TransactionHead[] {
    const rows = this.#sql(
      `SELECT t.ordinal, t.signature, t.slot, t.time, t.err FROM address_transactions a JOIN transactions t USING (ordinal)
       WHERE a.address = ? AND a.ordinal < ? AND a.ordinal > ? AND t.slot <= ? ORDER BY a.ordinal DESC LIMIT ?`,
    ).all(address, range.before, range.after, range.slotMax, range.limit);
    return rows.map(head);
  }

  /** Forgets the oldest rows beyond what is kept; at most a bounded number at a time. */
  prune(slot: number): void {
    this.#sql('DELETE FROM slots WHERE slot IN (SELECT slot FROM slots WHERE slot < ? LIMIT ?)').run(
      slot - slotsKeptMax,
      pruneRowsMax,
    );
    const oldest = Number(this.#sql('SELECT min(ordinal) AS oldest FROM transactions').get()?.['oldest'] ?? 0);
    const keepFrom = Math.min(this.lastOrdinal() - historyTransactionsMax + 1, oldest + pruneRowsMax);
    if (keepFrom <= oldest) return;
    this.#sql('DELETE FROM address_transactions WHERE ordinal < ?').run(keepFrom);
    this.#sql('DELETE FROM transactions WHERE ordinal < ?').run(keepFrom);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) this.#statements.set(text, (statement = this.#db.prepare(text)));
    return statement;
  }
}

function head(row: Record<string, unknown>): TransactionHead {
  const { ordinal, signature, slot, time, err } = row as Omit<TransactionHead, 'err'> & { err: string | null };
  return { ordinal, signature, slot, time, err: err === null ? null : (JSON.parse(err) as TransactionError) };
}
