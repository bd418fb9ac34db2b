import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgPolicy, pgTable, text, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment, priceColumn, quoteColumn, sequenceColumn, sizeColumn } from './columns.ts';
import { projectorPolicy } from './roles.ts';
import { tradingPositions } from './trading-positions.ts';

/** What changed a position, one row per event. */
export const positionHistory = pgTable(
  'position_history',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    positionId: uuid('position_id').notNull(),
    action: varchar('action', { length: 20 }).notNull(),
    sizeChange: sizeColumn('size_change').default(sql`0`),
    priceChange: priceColumn('price_change').default(sql`0`),
    pnlChange: quoteColumn('pnl_change').default(sql`0`),
    marginChange: quoteColumn('margin_change').default(sql`0`),
    createdAt: moment('created_at').defaultNow(),
    transactionHash: varchar('transaction_hash', { length: 88 }),
    notes: text('notes'),
    /** Number of the event in the position's stream: the order of the list. */
    positionSeq: sequenceColumn('position_seq'),
  },
  (table) => [
    foreignKey({
      name: 'position_history_position_id_fkey',
      columns: [table.positionId],
      foreignColumns: [tradingPositions.id],
    }).onDelete('cascade'),
    check('position_history_action_check', sql`action IN ('opened', 'updated', 'closed', 'liquidated')`),
    index('idx_position_history_position_id').on(table.positionId),
    index('idx_position_history_created_at').on(table.createdAt),
    pgPolicy('Users can view own position history', {
      for: 'select',
      using: sql`EXISTS (SELECT 1 FROM trading_positions WHERE id = position_id AND user_id = auth.uid())`,
    }),
    unique('position_history_position_id_position_seq_key').on(table.positionId, table.positionSeq),
    projectorPolicy('position history'),
  ],
);
