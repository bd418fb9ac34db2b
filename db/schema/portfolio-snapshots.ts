import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgPolicy, pgTable, unique, uuid } from 'drizzle-orm/pg-core';
import { moment, quoteColumn } from './columns.ts';
import { projectorPolicy } from './roles.ts';
import { users } from './users.ts';

/** A trader's balances at a moment, taken by the cron sweep. */
export const portfolioSnapshots = pgTable(
  'portfolio_snapshots',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    userId: uuid('user_id').notNull(),
    totalBalance: quoteColumn('total_balance').notNull(),
    availableBalance: quoteColumn('available_balance').notNull(),
    marginUsed: quoteColumn('margin_used').notNull(),
    unrealizedPnl: quoteColumn('unrealized_pnl').default(sql`0`),
    realizedPnl: quoteColumn('realized_pnl').default(sql`0`),
    snapshotTime: moment('snapshot_time').notNull(),
    tradingFeesPaid: quoteColumn('trading_fees_paid').default(sql`0`),
    createdAt: moment('created_at').defaultNow(),
  },
  (table) => [
    foreignKey({
      name: 'portfolio_snapshots_user_id_fkey',
      columns: [table.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    check('portfolio_snapshots_total_balance_check', sql`total_balance >= 0`),
    check('portfolio_snapshots_available_balance_check', sql`available_balance >= 0`),
    check('portfolio_snapshots_margin_used_check', sql`margin_used >= 0`),
    check('portfolio_snapshots_trading_fees_paid_check', sql`trading_fees_paid >= 0`),
    index('idx_portfolio_user_id').on(table.userId),
    index('idx_portfolio_snapshot_time').on(table.snapshotTime),
    pgPolicy('Users can view own portfolio', { for: 'select', using: sql`auth.uid() = user_id` }),
    pgPolicy('Users can insert own portfolio', { for: 'insert', withCheck: sql`auth.uid() = user_id` }),
    unique('portfolio_snapshots_user_id_snapshot_time_key').on(table.userId, table.snapshotTime),
    projectorPolicy('portfolio snapshots'),
  ],
);
