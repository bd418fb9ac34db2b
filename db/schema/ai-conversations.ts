import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  text,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { moment } from './columns.ts';
import { appWriter } from './roles.ts';
import { users } from './users.ts';

/** Conversations with the assistant. Their trader deletes them, and with them everything said. */
export const aiConversations = pgTable(
  'ai_conversations',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    title: varchar('title', { length: 80 }).notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    foreignKey({ name: 'ai_conversations_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    // What a message refers to: a conversation of its own user.
    unique('ai_conversations_id_user_id_key').on(table.id, table.userId),
    index('idx_ai_conversations_user_id_updated_at').on(
      table.userId,
      table.updatedAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    pgPolicy('Users can view own conversations', { for: 'select', using: sql`auth.uid() = user_id` }),
    pgPolicy('Writer can insert conversations of the user', {
      for: 'insert',
      to: appWriter,
      withCheck: sql`auth.uid() = user_id`,
    }),
    pgPolicy('Writer can update conversations of the user', {
      for: 'update',
      to: appWriter,
      using: sql`auth.uid() = user_id`,
    }),
    pgPolicy('Writer can delete conversations of the user', {
      for: 'delete',
      to: appWriter,
      using: sql`auth.uid() = user_id`,
    }),
  ],
);

/** What was said in a conversation, in the order of `position`. */
export const aiMessages = pgTable(
  'ai_messages',
  {
    id: uuid('id').primaryKey(),
    conversationId: uuid('conversation_id').notNull(),
    userId: uuid('user_id').notNull(),
    /** 0, 1, 2 …: a question is even, its answer follows. */
    position: integer('position').notNull(),
    role: varchar('role', { length: 10 }).notNull(),
    content: text('content').notNull(),
    /** Which answered; null for a question. */
    model: varchar('model', { length: 80 }),
    isComplete: boolean('is_complete').notNull().default(true),
    /** What it looked up, as the wire has it. */
    tools: jsonb('tools').$type<readonly unknown[]>().notNull().default([]),
    /** What it proposed, as the wire has it. */
    proposals: jsonb('proposals').$type<readonly unknown[]>().notNull().default([]),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    foreignKey({
      name: 'ai_messages_conversation_id_user_id_fkey',
      columns: [table.conversationId, table.userId],
      foreignColumns: [aiConversations.id, aiConversations.userId],
    }).onDelete('cascade'),
    unique('ai_messages_conversation_id_position_key').on(table.conversationId, table.position),
    check('ai_messages_role_check', sql`role IN ('user', 'assistant')`),
    check('ai_messages_position_check', sql`position >= 0`),
    index('idx_ai_messages_user_id_created_at').on(table.userId, table.createdAt),
    pgPolicy('Users can view own messages', { for: 'select', using: sql`auth.uid() = user_id` }),
    pgPolicy('Writer can insert messages of the user', {
      for: 'insert',
      to: appWriter,
      withCheck: sql`auth.uid() = user_id`,
    }),
  ],
);
