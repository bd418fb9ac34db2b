import { sql } from 'drizzle-orm';
import { check, foreignKey, pgPolicy, pgTable, unique, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment, quoteColumn, sequenceColumn } from './columns.ts';
import { projectorPolicy } from './roles.ts';
import { users } from './users.ts';

/** Money in and out of free collateral: deposits, withdrawals, rewards of liquidators, payouts that were owed. */
export const transfers = pgTable(
  'transfers',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    kind: varchar('kind', { length: 20 }).notNull(),
    amount: quoteColumn('amount').notNull(),
    /** `queued`: waits for its turn; `returned`, `cancelled`: what was left is collateral again. */
    status: varchar('status', { length: 12 }).notNull().default('done'),
    /** Of the amount, what has moved. */
    paid: quoteColumn('paid').notNull(),
    /** Free collateral afterwards. */
    collateral: quoteColumn('collateral').notNull(),
    accountSeq: sequenceColumn('account_seq').notNull(),
    transactionHash: varchar('transaction_hash', { length: 88 }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'transfers_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    check('transfers_kind_check', sql`kind IN ('deposit', 'withdrawal', 'liquidation_reward', 'payout')`),
    check('transfers_status_check', sql`status IN ('done', 'queued', 'returned', 'cancelled')`),
    check('transfers_amount_check', sql`amount > 0 AND paid >= 0 AND paid <= amount`),
    unique('transfers_user_id_account_seq_key').on(table.userId, table.accountSeq),
    pgPolicy('Users can view own transfers', { for: 'select', using: sql`auth.uid() = user_id` }),
    projectorPolicy('transfers'),
  ],
);
