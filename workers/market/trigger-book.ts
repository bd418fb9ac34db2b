import type { Clock } from '../platform/clock.ts';
import { firstRow, rows } from '../platform/sql.ts';
import type { TriggerClaim } from '../account/contract.ts';
import type { RestingEntry } from './contract.ts';

/**
 * Table the owner's migrations must contain. A claimed entry is out of the price index until its owner answered; trigger prices
 * (1e-8 USD) are below 2^53.
 */
export const TRIGGER_BOOK_TABLES = `
  CREATE TABLE resting_orders (
    order_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    version INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('below', 'above')),
    trigger_price INTEGER NOT NULL,
    min_publish_time INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL DEFAULT 0,
    claim_price TEXT,
    claim_publish_time INTEGER
  );
  CREATE INDEX resting_by_price ON resting_orders (direction, trigger_price) WHERE claimed_until = 0;
  CREATE INDEX resting_claimed ON resting_orders (claimed_until) WHERE claimed_until > 0;
  CREATE TABLE withdrawn_orders (order_id TEXT PRIMARY KEY, version INTEGER NOT NULL, withdrawn_ms INTEGER NOT NULL);
  CREATE INDEX withdrawn_by_time ON withdrawn_orders (withdrawn_ms);
`;

/** The number of resting orders, kept by the database itself: it is asked with every order. */
export const RESTING_COUNT = `
  CREATE TABLE resting_count (n INTEGER NOT NULL);
  INSERT INTO resting_count SELECT COUNT(*) FROM resting_orders;
  CREATE TRIGGER order_rested AFTER INSERT ON resting_orders BEGIN UPDATE resting_count SET n = n + 1; END;
  CREATE TRIGGER order_left AFTER DELETE ON resting_orders BEGIN UPDATE resting_count SET n = n - 1; END;
`;

/** Bounds of the book. */
export const triggerBookLimits = {
  ordersMax: 10_000,
  /** With reduce-only ones above them: who fills the book with orders that cost nothing must not take others' stops away. */
  withReduceOnlyMax: 30_000,
  /** Orders one tick may claim; the rest follow with the next. */
  claimsPerTickMax: 200,
  /** How long an owner has to answer a claim before it is sent again. */
  claimMs: 5_000,
  /** How long a withdrawn order is remembered, so that a delayed `rest` does not bring it back. */
  withdrawnKeptMs: 3_600_000,
} as const;

/** A claim and whom to send it to. */
export interface OpenClaim extends TriggerClaim {
  readonly owner: string;
}

export class TriggerBookFullError extends Error {
  override readonly name = 'TriggerBookFullError';
}

type EntryRow = { order_id: string; owner: string; version: number; min_publish_time: number };
type ClaimRow = { order_id: string; owner: string; version: number; claim_price: string; claim_publish_time: number };

/**
 * A cache of resting orders by trigger price. It decides nothing: a price that reaches an order makes a claim, and the order's owner says
 * whether it stands. A claim is kept and repeated until the owner has answered, wherever the price goes meanwhile.
 */
export class TriggerBook {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;

  constructor(storage: DurableObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  get size(): number {
    return firstRow<{ n: number }>(this.#storage.sql, 'SELECT n FROM resting_count')?.n ?? 0;
  }

  /** Whether it takes no more orders that are not reduce-only. */
  get isFull(): boolean {
    return this.size >= triggerBookLimits.ordersMax;
  }

  /**
   * Adds an order; a higher version replaces a lower one, anything else changes nothing.
   *
   * @throws TriggerBookFullError when the book holds `ordersMax` orders; for a reduce-only one, `withReduceOnlyMax`.
   */
  rest(entry: RestingEntry): void {
    const known = this.#versionOf(entry.orderId);
    if (known !== null && entry.version <= known) return;
    const isNew =
      firstRow(this.#storage.sql, 'SELECT 1 AS one FROM resting_orders WHERE order_id = ?', entry.orderId) === null;
    const max = entry.reduceOnly ? triggerBookLimits.withReduceOnlyMax : triggerBookLimits.ordersMax;
    if (isNew && this.size >= max) throw new TriggerBookFullError(`the trigger book holds ${max} orders`);
    this.#storage.sql.exec(
      `INSERT INTO resting_orders (order_id, owner, version, direction, trigger_price, min_publish_time)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (order_id) DO UPDATE SET version = excluded.version, direction = excluded.direction,
         trigger_price = excluded.trigger_price, min_publish_time = excluded.min_publish_time,
         claimed_until = 0, claim_price = NULL, claim_publish_time = NULL`,
      entry.orderId,
      entry.owner,
      entry.version,
      entry.direction,
      Number(entry.triggerPrice),
      entry.minPublishTime,
    );
  }

  /** Removes an order up to and including a version, and remembers it: messages may arrive in any order. */
  unrest(orderId: string, version: number): void {
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      sql.exec('DELETE FROM resting_orders WHERE order_id = ? AND version <= ?', orderId, version);
      sql.exec(
        `INSERT INTO withdrawn_orders (order_id, version, withdrawn_ms) VALUES (?, ?, ?)
         ON CONFLICT (order_id) DO UPDATE SET version = MAX(version, excluded.version), withdrawn_ms = excluded.withdrawn_ms`,
        orderId,
        version,
        this.#clock.nowMs(),
      );
    });
  }

  /** Claims the orders a price reaches and those whose claim ran out. What it returns must be sent to the owners. */
  claim(price: bigint, publishTime: number): OpenClaim[] {
    return this.#storage.transactionSync(() => {
      const now = this.#clock.nowMs();
      const until = now + triggerBookLimits.claimMs;
      const again = this.#claimsDue(now, until);
      const room = triggerBookLimits.claimsPerTickMax - again.length;
      return [...again, ...this.#reached(price, publishTime, until, room)];
    });
  }

  /** The owner answered: the order is triggered, or it is not what it was. Either way this version rests no more. */
  settle(orderId: string, version: number): void {
    this.#storage.sql.exec('DELETE FROM resting_orders WHERE order_id = ? AND version <= ?', orderId, version);
  }

  prune(): void {
    const before = this.#clock.nowMs() - triggerBookLimits.withdrawnKeptMs;
    this.#storage.sql.exec('DELETE FROM withdrawn_orders WHERE withdrawn_ms < ?', before);
  }

  #versionOf(orderId: string): number | null {
    const query = `
      SELECT MAX(version) AS version FROM (
        SELECT version FROM resting_orders WHERE order_id = ? UNION ALL SELECT version FROM withdrawn_orders WHERE order_id = ?
      )`;
    return firstRow<{ version: number | null }>(this.#storage.sql, query, orderId, orderId)?.version ?? null;
  }

  #claimsDue(now: number, until: number): OpenClaim[] {
    const query = `
      SELECT order_id, owner, version, claim_price, claim_publish_time FROM resting_orders
      WHERE claimed_until > 0 AND claimed_until <= ? ORDER BY claimed_until LIMIT ?`;
    const due = rows<ClaimRow>(this.#storage.sql, query, now, triggerBookLimits.claimsPerTickMax);
    for (const row of due) {
      this.#storage.sql.exec('UPDATE resting_orders SET claimed_until = ? WHERE order_id = ?', until, row.order_id);
    }
    return due.map((row) => ({
      orderId: row.order_id,
      owner: row.owner,
      version: row.version,
      price: BigInt(row.claim_price),
      publishTime: row.claim_publish_time,
    }));
  }

  /** Who waits longest comes first: orders that come back again and again take nobody's turn, for each time they wait anew. */
  #reached(price: bigint, publishTime: number, until: number, limit: number): OpenClaim[] {
    // One range per direction over the partial index: the cost is the orders reached, not the orders that rest.
    const columns = 'order_id, owner, version, min_publish_time';
    const below = `SELECT ${columns} FROM resting_orders
      WHERE claimed_until = 0 AND direction = 'below' AND trigger_price >= ? AND min_publish_time <= ? ORDER BY min_publish_time LIMIT ?`;
    const above = `SELECT ${columns} FROM resting_orders
      WHERE claimed_until = 0 AND direction = 'above' AND trigger_price <= ? AND min_publish_time <= ? ORDER BY min_publish_time LIMIT ?`;
    const hits = [below, above]
      .flatMap((query) => rows<EntryRow>(this.#storage.sql, query, Number(price), publishTime, Math.max(0, limit)))
      .sort((one, other) => one.min_publish_time - other.min_publish_time);
    return hits.slice(0, Math.max(0, limit)).map((row) => {
      this.#storage.sql.exec(
        'UPDATE resting_orders SET claimed_until = ?, claim_price = ?, claim_publish_time = ? WHERE order_id = ?',
        until,
        String(price),
        publishTime,
        row.order_id,
      );
      return { orderId: row.order_id, owner: row.owner, version: row.version, price, publishTime };
    });
  }
}
