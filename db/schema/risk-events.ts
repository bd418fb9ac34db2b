import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** What operators must know of the risk engine: brakes, switches, rates, feeds. No trader reads them. */
export const riskEvents = pgTable(
  'risk_events',
  {
    id: uuid('id').primaryKey(),
    kind: varchar('kind', { length: 30 }).notNull(),
    /** Null where it is about all markets. */
    marketSymbol: varchar('market_symbol', { length: 20 }),
    severity: varchar('severity', { length: 10 }).notNull(),
    message: text('message').notNull(),
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    createdAt: moment('created_at').notNull(),
    /** Null while it lasts. */
    resolvedAt: moment('resolved_at'),
  },
  (table) => [
    check('risk_events_severity_check', sql`severity IN ('info', 'warning', 'critical')`),
    index('idx_risk_events_created_at').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    index('idx_risk_events_unresolved')
      .on(table.kind, table.marketSymbol)
      .where(sql`resolved_at IS NULL`),
  ],
);
