import { sql } from 'drizzle-orm';
import { foreignKey, index, pgPolicy, pgTable, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment, quoteColumn, sequenceColumn } from './columns.ts';
import { projectorPolicy } from './roles.ts';
import { tradingPositions } from './trading-positions.ts';
import { users } from './users.ts';

/** Funding and borrow as they were realised into a position's margin, by a trade, a liquidation or a settlement. */
export const fundingPayments = pgTable(
  'funding_payments',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    positionId: uuid('position_id').notNull(),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    /** Owed to the other side; negative where received. */
    funding: quoteColumn('funding').notNull(),
    /** Owed to the pool. */
    borrow: quoteColumn('borrow').notNull(),
    /** Number of its event in the account's stream; null for a settlement, which leaves the account as it is. */
    accountSeq: sequenceColumn('account_seq'),
    /** Number of its event in the position's stream. */
    positionSeq: sequenceColumn('position_seq').notNull(),
    transactionHash: varchar('transaction_hash', { length: 88 }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'funding_payments_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    foreignKey({
      name: 'funding_payments_position_id_fkey',
      columns: [table.positionId],
      foreignColumns: [tradingPositions.id],
    }).onDelete('cascade'),
    unique('funding_payments_position_id_position_seq_key').on(table.positionId, table.positionSeq),
    index('idx_funding_payments_user_id_created_at').on(table.userId, table.createdAt.desc(), table.id.desc()),
    pgPolicy('Users can view own funding payments', { for: 'select', using: sql`auth.uid() = user_id` }),
    projectorPolicy('funding payments'),
  ],
);
