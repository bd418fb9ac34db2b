import { execute, firstRow, rows } from '../platform/sql.ts';
import type { OrderPage, OrderQuery } from './contract.ts';
import { decodeIntegers, encodeIntegers } from './integers.ts';
import { unsetFields } from './order-draft.ts';
import type { StoredOrder } from './order-machine.ts';

/** Table the object's migrations must contain. */
export const ORDERS_TABLE = `
  CREATE TABLE orders (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT NOT NULL UNIQUE,
    client_order_id TEXT UNIQUE,
    version INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    record TEXT NOT NULL
  );
  CREATE INDEX orders_status ON orders (status, number);
`;

/** Orders of which one execution cancels the others. */
export const ORDER_GROUPS = `
  ALTER TABLE orders ADD COLUMN group_id TEXT;
  CREATE INDEX orders_group ON orders (group_id) WHERE group_id IS NOT NULL;
`;

/** Orders kept per account; the oldest finished ones go first. */
export const ordersKeptMax = 10_000;

type OrderRow = { record: string };

/** The orders of one account in its object's SQLite. Changes go through compare-and-set on (id, version). */
export class OrderStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(orderId: string): StoredOrder | null {
    return decodeRow(firstRow<OrderRow>(this.#sql, 'SELECT record FROM orders WHERE order_id = ?', orderId));
  }

  getByClientId(clientOrderId: string): StoredOrder | null {
    return decodeRow(
      firstRow<OrderRow>(this.#sql, 'SELECT record FROM orders WHERE client_order_id = ?', clientOrderId),
    );
  }

  /** Stores a new order and forgets the oldest finished ones beyond `ordersKeptMax`. */
  insert(order: StoredOrder): void {
    this.#sql.exec(
      `INSERT INTO orders (order_id, client_order_id, version, symbol, status, stage, created_ms, group_id, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      order.orderId,
      order.clientOrderId,
      order.version,
      order.symbol,
      order.status,
      order.stage,
      order.createdAtMs,
      order.groupId,
      encodeIntegers(order),
    );
    this.#sql.exec(
      `DELETE FROM orders WHERE number IN (
         SELECT number FROM orders WHERE status <> 'pending' ORDER BY number
         LIMIT MAX(0, (SELECT COUNT(*) FROM orders) - ?))`,
      ordersKeptMax,
    );
  }

  /** Stores the next form of an order if `fromVersion` is what is stored; false: somebody was faster. */
  update(order: StoredOrder, fromVersion: number): boolean {
    const changed = execute(
      this.#sql,
      'UPDATE orders SET version = ?, status = ?, stage = ?, record = ? WHERE order_id = ? AND version = ?',
      order.version,
      order.status,
      order.stage,
      encodeIntegers(order),
      order.orderId,
      fromVersion,
    );
    return changed === 1;
  }

  /** Unfinished orders, oldest first; of one market where a symbol is given. */
  open(symbol: string | null = null): StoredOrder[] {
    const query = "SELECT record FROM orders WHERE status = 'pending' AND symbol = COALESCE(?, symbol) ORDER BY number";
    return rows<OrderRow>(this.#sql, query, symbol).map(decode);
  }

  /** Open orders, and the exits that open entries bring with them. */
  openSlots(): number {
    const query = `
      SELECT COALESCE(SUM(1 + (json_extract(record, '$.takeProfit') IS NOT NULL) + (json_extract(record, '$.stopLoss') IS NOT NULL)), 0)
        AS size FROM orders WHERE status = 'pending'`;
    return firstRow<{ size: number }>(this.#sql, query)?.size ?? 0;
  }

  /** Open orders of a market that wait or may come to wait, exits apart: reduce-only ones, or the others. */
  waiting(symbol: string, reduceOnly: boolean): number {
    const query = `
      SELECT COUNT(*) AS size FROM orders WHERE status = 'pending' AND symbol = ? AND group_id IS NULL
        AND json_extract(record, '$.orderType') <> 'market' AND json_extract(record, '$.reduceOnly') = ?`;
    return firstRow<{ size: number }>(this.#sql, query, symbol, Number(reduceOnly))?.size ?? 0;
  }

  /** All orders of a group, finished ones too. */
  group(groupId: string): StoredOrder[] {
    return rows<OrderRow>(this.#sql, 'SELECT record FROM orders WHERE group_id = ? ORDER BY number', groupId).map(
      decode,
    );
  }

  /** Unfinished exits, oldest first. */
  openExits(): StoredOrder[] {
    const query = "SELECT record FROM orders WHERE status = 'pending' AND group_id IS NOT NULL ORDER BY number";
    return rows<OrderRow>(this.#sql, query).map(decode);
  }

  openCount(): number {
    const query = "SELECT COUNT(*) AS size FROM orders WHERE status = 'pending'";
    return firstRow<{ size: number }>(this.#sql, query)?.size ?? 0;
  }

  /** Newest first; the cursor is the number of the last order of the page before. */
  page(query: OrderQuery): OrderPage {
    const before = cursorNumber(query.cursor);
    const found = rows<{ number: number; record: string }>(
      this.#sql,
      `SELECT number, record FROM orders
       WHERE number < ? AND status = COALESCE(?, status) AND symbol = COALESCE(?, symbol) ORDER BY number DESC LIMIT ?`,
      before,
      query.status,
      query.symbol,
      query.limit + 1,
    );
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    const nextCursor = found.length > query.limit && last !== undefined ? String(last.number) : null;
    return { orders: page.map(decode), nextCursor };
  }
}

/** A cursor that is not ours starts a list that ends at once, rather than one that starts over. */
function cursorNumber(cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  return /^\d{1,15}$/.test(cursor) ? Number(cursor) : 0;
}

/** An order stored before a field existed has none of it. */
const decode = (row: OrderRow): StoredOrder => ({ ...unsetFields, ...decodeIntegers<StoredOrder>(row.record) });

const decodeRow = (row: OrderRow | null): StoredOrder | null => (row === null ? null : decode(row));
