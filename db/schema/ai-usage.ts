import { sql } from 'drizzle-orm';
import { bigint, check, date, foreignKey, index, pgPolicy, pgTable, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { appWriter } from './roles.ts';
import { users } from './users.ts';

const count = (name: string) => bigint(name, { mode: 'number' }).notNull();
/** 1e-6 USD. */
const microUsd = (name: string) => bigint(name, { mode: 'bigint' }).notNull();
const isOwn = sql`auth.uid() = user_id`;

/**
 * One row per call of a language model, and for an hour one per question or analysis asked for (`provider` is `exchange`, and it used nothing): what
 * limits a trader is counted where nothing that he may delete is kept. With `reserved_until` the call is unfinished and its figures are what it may use at most; they count until then.
 */
export const aiUsage = pgTable(
  'ai_usage',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    /** The day of the budget, UTC. */
    day: date('day').notNull(),
    task: varchar('task', { length: 20 }).notNull(),
    provider: varchar('provider', { length: 20 }).notNull(),
    model: varchar('model', { length: 200 }).notNull(),
    inputTokens: count('input_tokens'),
    outputTokens: count('output_tokens'),
    costMicroUsd: microUsd('cost_microusd'),
    createdAt: moment('created_at').notNull(),
    reservedUntil: moment('reserved_until'),
  },
  (table) => [
    foreignKey({ name: 'ai_usage_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    check('ai_usage_figures_check', sql`input_tokens >= 0 AND output_tokens >= 0 AND cost_microusd >= 0`),
    index('idx_ai_usage_user_id_day').on(table.userId, table.day),
    pgPolicy('Users can view own model usage', { for: 'select', using: isOwn }),
    pgPolicy("Writer counts the user's model usage", { for: 'all', to: appWriter, using: isOwn, withCheck: isOwn }),
  ],
);

/** What unfinished calls of all users may use together, without saying whose they are: nobody's rows but one's own are read for the exchange's budget. */
export const aiReservations = pgTable('ai_reservations', {
  id: uuid('id').primaryKey(),
  day: date('day').notNull(),
  tokens: count('tokens'),
  costMicroUsd: microUsd('cost_microusd'),
  reservedUntil: moment('reserved_until').notNull(),
});

/** What the finished calls of a day used, all users together. */
export const aiUsageDays = pgTable('ai_usage_days', {
  day: date('day').primaryKey(),
  tokens: count('tokens'),
  costMicroUsd: microUsd('cost_microusd'),
});
