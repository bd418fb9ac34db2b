import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, pgPolicy, pgTable, uuid, varchar } from 'drizzle-orm/pg-core';
import {
  computedQuoteColumn,
  leverageColumn,
  moment,
  priceColumn,
  quoteColumn,
  sequenceColumn,
  sizeColumn,
} from './columns.ts';
import { projectorPolicy } from './roles.ts';
import { users } from './users.ts';

/**
 * Positions, one row per opening: `id` is uuidv5 of the position's address and the command number that opened it. A closed row keeps its
 * last size. `current_price` and `unrealized_pnl` are as of the last event; answers to traders take the live price.
 */
export const tradingPositions = pgTable(
  'trading_positions',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    userId: uuid('user_id').notNull(),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    side: varchar('side', { length: 10 }).notNull(),
    size: sizeColumn('size').notNull(),
    entryPrice: priceColumn('entry_price').notNull(),
    currentPrice: priceColumn('current_price').notNull(),
    unrealizedPnl: computedQuoteColumn('unrealized_pnl').default(sql`0`),
    marginUsed: quoteColumn('margin_used').notNull(),
    leverage: leverageColumn('leverage').notNull(),
    createdAt: moment('created_at').defaultNow(),
    updatedAt: moment('updated_at').defaultNow(),
    closedAt: moment('closed_at'),
    isActive: boolean('is_active').default(true),
    /** Number of the newest applied event of the position's stream. */
    positionSeq: sequenceColumn('position_seq')
      .notNull()
      .default(sql`0`),
    /** Command number that opened it from flat. */
    openedSeq: sequenceColumn('opened_seq')
      .notNull()
      .default(sql`0`),
  },
  (table) => [
    foreignKey({
      name: 'trading_positions_user_id_fkey',
      columns: [table.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    check('trading_positions_side_check', sql`side IN ('long', 'short')`),
    check('trading_positions_size_check', sql`size > 0`),
    check('trading_positions_entry_price_check', sql`entry_price > 0`),
    check('trading_positions_current_price_check', sql`current_price > 0`),
    check('trading_positions_margin_used_check', sql`margin_used >= 0`),
    check('trading_positions_leverage_check', sql`leverage > 0 AND leverage <= 100`),
    index('idx_positions_user_id').on(table.userId),
    index('idx_positions_symbol').on(table.marketSymbol),
    index('idx_positions_active').on(table.isActive),
    index('idx_positions_created_at').on(table.createdAt),
    pgPolicy('Users can view own positions', { for: 'select', using: sql`auth.uid() = user_id` }),
    pgPolicy('Users can insert own positions', { for: 'insert', withCheck: sql`auth.uid() = user_id` }),
    pgPolicy('Users can update own positions', { for: 'update', using: sql`auth.uid() = user_id` }),
    index('idx_positions_user_id_created_at').on(
      table.userId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    projectorPolicy('positions'),
  ],
);
