import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, uniqueIndex, uuid, varchar } from 'drizzle-orm/pg-core';
import { confidenceColumn, moment, priceColumn } from './columns.ts';

/** The 10 seconds a row stands for; Pyth publishes whole seconds, history keeps one price of ten. */
const marketDataBucket = sql.raw(
  `date_bin('10 seconds'::interval, "timestamp", '1970-01-01 00:00:00+00'::timestamptz)`,
);

/** The price history of the markets: one row per market and 10 seconds, kept 30 days. Public, so without row-level security. */
export const marketData = pgTable(
  'market_data',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    symbol: varchar('symbol', { length: 20 }).notNull(),
    price: priceColumn('price').notNull(),
    timestamp: moment('timestamp').notNull(),
    confidence: confidenceColumn('confidence'),
    exponent: integer('exponent').default(-8),
    source: varchar('source', { length: 50 }).default('pyth'),
    stalenessThreshold: integer('staleness_threshold').default(30),
    createdAt: moment('created_at').defaultNow(),
  },
  (table) => [
    check('market_data_price_check', sql`price > 0`),
    check('market_data_confidence_check', sql`confidence >= 0`),
    index('idx_market_data_symbol').on(table.symbol),
    index('idx_market_data_timestamp').on(table.timestamp),
    index('idx_market_data_symbol_timestamp').on(table.symbol, table.timestamp.desc().nullsFirst()),
    uniqueIndex('market_data_symbol_bucket_key').on(table.symbol, marketDataBucket),
  ],
);
