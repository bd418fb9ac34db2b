import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';

/** Queue messages that failed every attempt: kept, shown to operators, replayable. No trader reads them. */
export const deadLetters = pgTable(
  'dead_letters',
  {
    id: uuid('id').primaryKey(),
    queue: varchar('queue', { length: 64 }).notNull(),
    /** Id the queue gave the message: stored once however often it is delivered. */
    messageId: varchar('message_id', { length: 128 }).notNull().unique('dead_letters_message_id_key'),
    body: jsonb('body').notNull(),
    error: text('error'),
    attempts: integer('attempts').notNull(),
    status: varchar('status', { length: 20 }).notNull().default('stored'),
    createdAt: moment('created_at').notNull(),
    replayedAt: moment('replayed_at'),
  },
  (table) => [
    check('dead_letters_status_check', sql`status IN ('stored', 'replayed', 'discarded')`),
    index('idx_dead_letters_created_at').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
  ],
);
