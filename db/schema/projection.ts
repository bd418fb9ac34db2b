import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, varchar } from 'drizzle-orm/pg-core';
import { moment, sequenceColumn } from './columns.ts';

/** Events applied to the projection, by their place in the chain: each exactly once, with all it said. */
export const projectedEvents = pgTable(
  'projected_events',
  {
    signature: varchar('signature', { length: 88 }).notNull(),
    /** Place among the program's events of the transaction, from 0. */
    indexInTransaction: integer('index_in_transaction').notNull(),
    name: varchar('name', { length: 64 }).notNull(),
    slot: bigint('slot', { mode: 'number' }).notNull(),
    blockTime: moment('block_time').notNull(),
    /** Stream → number in it, as decimal text. */
    streams: jsonb('streams').$type<Readonly<Record<string, string>>>().notNull(),
    data: jsonb('data').notNull(),
  },
  (table) => [
    primaryKey({ name: 'projected_events_pkey', columns: [table.signature, table.indexInTransaction] }),
    index('idx_projected_events_slot').on(table.slot),
    // What a wallet's rows are made of, for taking back events whose transaction vanished.
    index('idx_projected_events_owner').on(sql`(data ->> 'owner')`, table.slot),
  ],
);

/** How far each stream (`account:<wallet>`, `position:<wallet>:SOL-PERP`) is applied. */
export const projectionStreams = pgTable('projection_streams', {
  stream: varchar('stream', { length: 128 }).primaryKey(),
  /** Number the next event must have. */
  nextSeq: sequenceColumn('next_seq').notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});
