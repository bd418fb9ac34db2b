import { sql } from 'drizzle-orm';
import { check, foreignKey, index, jsonb, pgPolicy, pgTable, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment, priceColumn, quoteColumn, sequenceColumn, sizeColumn } from './columns.ts';
import { projectorPolicy } from './roles.ts';
import { tradingPositions } from './trading-positions.ts';
import { users } from './users.ts';

/** An event with its integers as decimal text, so that anyone can recompute what it decided. */
export interface Receipt {
  readonly event: string;
  readonly slot: number;
  readonly data: unknown;
}

/** Executed trades, one row per event. `order_id` has no foreign key: the chain may know a fill before the order's row is written. */
export const fills = pgTable(
  'fills',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    positionId: uuid('position_id').notNull(),
    orderId: uuid('order_id'),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    side: varchar('side', { length: 10 }).notNull(),
    quantity: sizeColumn('quantity').notNull(),
    price: priceColumn('price').notNull(),
    fee: quoteColumn('fee').notNull(),
    impact: quoteColumn('impact').notNull(),
    /** Profit or loss of what was taken off, before fee, impact, funding and borrow. */
    realizedPnl: quoteColumn('realized_pnl').notNull(),
    /** Owed; negative where received. */
    funding: quoteColumn('funding').notNull(),
    borrow: quoteColumn('borrow').notNull(),
    /** Of the price it was executed at, seconds since 1970. */
    publishTime: sequenceColumn('publish_time').notNull(),
    /** Number of its event in the account's stream: the order of the lists. */
    accountSeq: sequenceColumn('account_seq').notNull(),
    transactionHash: varchar('transaction_hash', { length: 88 }).notNull(),
    receipt: jsonb('receipt').$type<Receipt>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'fills_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete('cascade'),
    foreignKey({
      name: 'fills_position_id_fkey',
      columns: [table.positionId],
      foreignColumns: [tradingPositions.id],
    }).onDelete('cascade'),
    check('fills_side_check', sql`side IN ('buy', 'sell')`),
    check('fills_quantity_check', sql`quantity > 0`),
    check('fills_price_check', sql`price > 0`),
    check('fills_fee_check', sql`fee >= 0 AND impact >= 0`),
    unique('fills_user_id_account_seq_key').on(table.userId, table.accountSeq),
    index('idx_fills_position_id').on(table.positionId),
    index('idx_fills_order_id').on(table.orderId),
    index('idx_fills_transaction_hash').on(table.transactionHash),
    pgPolicy('Users can view own fills', { for: 'select', using: sql`auth.uid() = user_id` }),
    projectorPolicy('fills'),
  ],
);
