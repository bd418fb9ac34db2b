import { index, jsonb, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** What administrators did, and to whom: written once, never changed. No trader reads them. */
export const adminActions = pgTable(
  'admin_actions',
  {
    id: uuid('id').primaryKey(),
    adminWallet: varchar('admin_wallet', { length: 44 }).notNull(),
    action: varchar('action', { length: 40 }).notNull(),
    /** A wallet, a market, the id of a row. */
    target: text('target').notNull(),
    details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull().default({}),
    requestId: varchar('request_id', { length: 128 }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    index('idx_admin_actions_created_at').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
  ],
);
