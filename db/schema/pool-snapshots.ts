import { sql } from 'drizzle-orm';
import { check, pgTable } from 'drizzle-orm/pg-core';
import { moment, priceColumn, quoteColumn } from './columns.ts';

/** What a share of the liquidity pool was worth at a moment, noted by the cron sweep. Public, so without row-level security. */
export const poolSnapshots = pgTable(
  'pool_snapshots',
  {
    snapshotTime: moment('snapshot_time').primaryKey(),
    sharePrice: priceColumn('share_price').notNull(),
    totalShares: quoteColumn('total_shares').notNull(),
    equity: quoteColumn('equity').notNull(),
  },
  () => [
    check('pool_snapshots_share_price_check', sql`share_price > 0`),
    check('pool_snapshots_total_shares_check', sql`total_shares > 0`),
    check('pool_snapshots_equity_check', sql`equity > 0`),
  ],
);
