import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgPolicy,
  pgTable,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { moment, priceColumn, quoteColumn, sequenceColumn, sizeColumn } from './columns.ts';
import type { Receipt } from './fills.ts';
import { projectorPolicy } from './roles.ts';
import { tradingPositions } from './trading-positions.ts';
import { users } from './users.ts';

/** Liquidations, one row per event; the receipt holds both sides of the inequality that decided it. */
export const liquidations = pgTable(
  'liquidations',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    positionId: uuid('position_id').notNull(),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    side: varchar('side', { length: 10 }).notNull(),
    quantity: sizeColumn('quantity').notNull(),
    price: priceColumn('price').notNull(),
    /** False where a part of the position remained. */
    isFull: boolean('is_full').notNull(),
    realizedPnl: quoteColumn('realized_pnl').notNull(),
    funding: quoteColumn('funding').notNull(),
    borrow: quoteColumn('borrow').notNull(),
    liquidationFee: quoteColumn('liquidation_fee').notNull(),
    keeperReward: quoteColumn('keeper_reward').notNull(),
    /** What was left for the trader. */
    marginReleased: quoteColumn('margin_released').notNull(),
    badDebt: quoteColumn('bad_debt').notNull(),
    /** Wallet whose account took the reward; null where none did. */
    liquidator: varchar('liquidator', { length: 44 }),
    publishTime: sequenceColumn('publish_time').notNull(),
    /** Number of its event in the account's stream: the order of the lists. */
    accountSeq: sequenceColumn('account_seq').notNull(),
    transactionHash: varchar('transaction_hash', { length: 88 }).notNull(),
    receipt: jsonb('receipt').$type<Receipt>().notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'liquidations_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    foreignKey({
      name: 'liquidations_position_id_fkey',
      columns: [table.positionId],
      foreignColumns: [tradingPositions.id],
    }).onDelete('cascade'),
    check('liquidations_side_check', sql`side IN ('long', 'short')`),
    check('liquidations_quantity_check', sql`quantity > 0`),
    check('liquidations_price_check', sql`price > 0`),
    unique('liquidations_user_id_account_seq_key').on(table.userId, table.accountSeq),
    index('idx_liquidations_position_id').on(table.positionId),
    index('idx_liquidations_transaction_hash').on(table.transactionHash),
    pgPolicy('Users can view own liquidations', { for: 'select', using: sql`auth.uid() = user_id` }),
    projectorPolicy('liquidations'),
  ],
);
