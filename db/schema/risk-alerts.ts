import { sql } from 'drizzle-orm';
import { check, foreignKey, index, pgPolicy, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { appWriter } from './roles.ts';
import { users } from './users.ts';

/** Warnings, liquidations and closes that the trader did not order, as a trader was told. `position_id` has no foreign key: the alert may be known before the projection. */
export const riskAlerts = pgTable(
  'risk_alerts',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    kind: varchar('kind', { length: 20 }).notNull(),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    positionId: uuid('position_id').notNull(),
    message: text('message').notNull(),
    transactionHash: varchar('transaction_hash', { length: 88 }),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'risk_alerts_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    check(
      'risk_alerts_kind_check',
      sql`kind IN ('margin_warning', 'liquidated', 'closed_at_cap', 'closed_by_request', 'exit_failed')`,
    ),
    index('idx_risk_alerts_user_id_created_at').on(
      table.userId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    pgPolicy('Users can view own risk alerts', { for: 'select', using: sql`auth.uid() = user_id` }),
    pgPolicy('Writer can insert risk alerts of the user', {
      for: 'insert',
      to: appWriter,
      withCheck: sql`auth.uid() = user_id`,
    }),
    pgPolicy('Writer can delete risk alerts of the user', {
      for: 'delete',
      to: appWriter,
      using: sql`auth.uid() = user_id`,
    }),
  ],
);
