import type { Clock } from '../platform/clock.ts';
import { execute, firstRow } from '../platform/sql.ts';

/** Tables the object's migrations must contain. */
export const TRANSACTIONS_TABLES = `
  CREATE TABLE built_transactions (
    message_hash TEXT PRIMARY KEY,
    action TEXT NOT NULL,
    symbol TEXT,
    last_valid_block_height INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
  );
  CREATE TABLE sponsored (message_hash TEXT PRIMARY KEY, created_ms INTEGER NOT NULL);
  CREATE TABLE faucet_drops (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    signature TEXT NOT NULL,
    wire TEXT NOT NULL,
    last_valid_block_height INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL
  );
  CREATE TABLE granted_drops (wallet TEXT NOT NULL, created_ms INTEGER NOT NULL);
`;

/** In the object of a fee payer's own wallet: whose transactions of the last 24 h it paid for. */
export const SPONSORSHIPS_TABLE = `
  CREATE TABLE sponsorships (message_hash TEXT PRIMARY KEY, address TEXT NOT NULL, created_ms INTEGER NOT NULL);
  CREATE INDEX sponsorships_address ON sponsorships (address);
  CREATE INDEX sponsorships_created ON sponsorships (created_ms);
`;

/** How long a built transaction may be submitted. */
export const builtLifeMs = 10 * 60_000;
const builtKeptMax = 200;
/** Transactions whose fee the exchange pays, per wallet in 24 h. */
export const sponsoredPerDayMax = 200;
/** Per network address, whatever number of wallets ask from there. */
export const sponsoredPerAddressMax = 500;
/** Of all wallets together, per fee payer: a thousand new accounts a day and what they trade by their own signature. */
export const sponsoredPerFeePayerMax = 10_000;
const dayMs = 24 * 3_600_000;
/** One drop per wallet in this time. */
export const faucetPauseMs = 60_000;
/** Drops of all wallets together in 24 h. */
export const dropsPerDayMax = 2_000;

export interface RememberedTransaction {
  /** SHA-256 over the blockhash and our instructions (program, accounts, data) in order, hex. */
  readonly builtHash: string;
  readonly action: string;
  /** Market of a trade: its price is waited for before the keeper signs. */
  readonly symbol: string | null;
  readonly lastValidBlockHeight: number;
}

export interface FaucetDrop {
  readonly signature: string;
  readonly wire: string;
  readonly lastValidBlockHeight: number;
  readonly state: 'sent' | 'landed';
  readonly createdMs: number;
}

/** What was built for the wallet to sign, what the exchange paid for, and the last test drop. */
export class TransactionStore {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;

  constructor(storage: DurableObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  remember(transaction: RememberedTransaction): void {
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      sql.exec('DELETE FROM built_transactions WHERE created_ms <= ?', this.#clock.nowMs() - builtLifeMs);
      sql.exec(
        `INSERT INTO built_transactions (message_hash, action, symbol, last_valid_block_height, created_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (message_hash) DO UPDATE SET
           created_ms = excluded.created_ms, last_valid_block_height = excluded.last_valid_block_height`,
        transaction.builtHash,
        transaction.action,
        transaction.symbol,
        transaction.lastValidBlockHeight,
        this.#clock.nowMs(),
      );
      sql.exec(
        `DELETE FROM built_transactions WHERE message_hash IN (
           SELECT message_hash FROM built_transactions ORDER BY created_ms DESC LIMIT -1 OFFSET ?)`,
        builtKeptMax,
      );
    });
  }

  find(builtHash: string): RememberedTransaction | null {
    return firstRow<{ builtHash: string; action: string; symbol: string | null; lastValidBlockHeight: number }>(
      this.#storage.sql,
      `SELECT message_hash AS builtHash, action, symbol, last_valid_block_height AS lastValidBlockHeight
       FROM built_transactions WHERE message_hash = ? AND created_ms > ?`,
      builtHash,
      this.#clock.nowMs() - builtLifeMs,
    );
  }

  /** Whether the exchange pays for this transaction: each signed message is counted once, within the wallet's budget of 24 h. */
  sponsor(messageHash: string): boolean {
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const now = this.#clock.nowMs();
      execute(sql, 'DELETE FROM sponsored WHERE created_ms <= ?', now - dayMs);
      if (firstRow(sql, 'SELECT 1 AS found FROM sponsored WHERE message_hash = ?', messageHash) !== null) return true;
      const used = firstRow<{ size: number }>(sql, 'SELECT COUNT(*) AS size FROM sponsored')?.size ?? 0;
      if (used >= sponsoredPerDayMax) return false;
      sql.exec('INSERT INTO sponsored (message_hash, created_ms) VALUES (?, ?)', messageHash, now);
      return true;
    });
  }

  /** In the object of a fee payer's own wallet: whether its budgets of 24 h have room; each signed message is counted once. */
  grantSponsorship(messageHash: string, address: string): boolean {
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const now = this.#clock.nowMs();
      sql.exec('DELETE FROM sponsorships WHERE created_ms <= ?', now - dayMs);
      const known = firstRow(sql, 'SELECT 1 AS found FROM sponsorships WHERE message_hash = ?', messageHash);
      if (known !== null) return true;
      const all = firstRow<{ size: number }>(sql, 'SELECT COUNT(*) AS size FROM sponsorships')?.size ?? 0;
      const own = firstRow<{ size: number }>(
        sql,
        'SELECT COUNT(*) AS size FROM sponsorships WHERE address = ?',
        address,
      );
      if (all >= sponsoredPerFeePayerMax || (own?.size ?? 0) >= sponsoredPerAddressMax) return false;
      sql.exec(
        'INSERT INTO sponsorships (message_hash, address, created_ms) VALUES (?, ?, ?)',
        messageHash,
        address,
        now,
      );
      return true;
    });
  }

  /** In the object of the faucet's own wallet: whether its budget of 24 h has room for another drop. */
  grantDrop(wallet: string): boolean {
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const now = this.#clock.nowMs();
      sql.exec('DELETE FROM granted_drops WHERE created_ms <= ?', now - dayMs);
      const recent = 'SELECT 1 AS found FROM granted_drops WHERE wallet = ? AND created_ms > ?';
      if (firstRow(sql, recent, wallet, now - faucetPauseMs) !== null) return true;
      const used = firstRow<{ size: number }>(sql, 'SELECT COUNT(*) AS size FROM granted_drops')?.size ?? 0;
      if (used >= dropsPerDayMax) return false;
      sql.exec('INSERT INTO granted_drops (wallet, created_ms) VALUES (?, ?)', wallet, now);
      return true;
    });
  }

  get drop(): FaucetDrop | null {
    return firstRow<FaucetDrop & Record<string, SqlStorageValue>>(
      this.#storage.sql,
      `SELECT signature, wire, last_valid_block_height AS lastValidBlockHeight, state, created_ms AS createdMs FROM faucet_drops`,
    );
  }

  storeDrop(drop: FaucetDrop): void {
    this.#storage.sql.exec(
      `INSERT OR REPLACE INTO faucet_drops (id, signature, wire, last_valid_block_height, state, created_ms) VALUES (1, ?, ?, ?, ?, ?)`,
      drop.signature,
      drop.wire,
      drop.lastValidBlockHeight,
      drop.state,
      drop.createdMs,
    );
  }
}
