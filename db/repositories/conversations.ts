import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { ConversationRecord, MessageRecord } from '../../workers/analyst/contract.ts';
import type { Database } from '../client.ts';
import { ConstraintViolation } from '../errors.ts';
import { aiConversations, aiMessages } from '../schema/ai-conversations.ts';
import type { Owner } from './analyses.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

/** Conversations one trader may keep; he deletes one for the next. */
export const conversationsMax = 200;
/** Things said in one conversation, questions and answers. */
export const messagesMax = 200;
/** Characters of a title: the beginning of the first question. */
export const titleLengthMax = 80;

export interface Question {
  readonly id: string;
  readonly conversationId: string;
  readonly text: string;
  readonly atMs: number;
}

export type NewAnswer = Omit<MessageRecord, 'role'> & { readonly conversationId: string };

export interface ConversationRepository {
  /** Begins a conversation. False where the trader keeps as many as he may. */
  begin(owner: Owner, conversation: Pick<ConversationRecord, 'id' | 'title' | 'createdAtMs'>): Promise<boolean>;
  /**
   * Keeps a question behind everything said; answers its position. Null where the conversation is not the user's, is full, or takes another
   * question at this moment.
   */
  ask(userId: string, question: Question): Promise<number | null>;
  /** Keeps an answer. A conversation that was deleted meanwhile stays deleted. */
  answer(userId: string, answer: NewAnswer): Promise<void>;
  list(userId: string, request: PageRequest): Promise<Page<ConversationRecord>>;
  /** With everything said, oldest first. Null where it is not the user's. */
  get(
    userId: string,
    id: string,
  ): Promise<{ readonly conversation: ConversationRecord; readonly messages: readonly MessageRecord[] } | null>;
  /** Deletes a conversation, or all of them without an id, with everything said; answers how many. */
  remove(userId: string, id: string | null): Promise<number>;
}

const writer = (userId: string) => ({ role: 'app_writer', userId }) as const;
const reader = (userId: string) => ({ role: 'app_user', userId }) as const;

export function createConversationRepository(database: Database): ConversationRepository {
  return {
    begin: (owner, conversation) => begin(database, owner, conversation),
    ask: (userId, question) => ask(database, userId, question),

    answer: (userId, answer) => keepAnswer(database, userId, answer),

    async list(userId, request) {
      const limit = pageRows(request);
      const { updatedAt, id } = aiConversations;
      const [rows] = await database.transaction(reader(userId), (orm) => [
        orm
          .select(columns)
          .from(aiConversations)
          .where(and(eq(aiConversations.userId, userId), afterTime(updatedAt, id, placeOf(request.cursor))))
          .orderBy(desc(updatedAt), desc(id))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(conversationOf), limit, (row) => ({ order: BigInt(row.updatedAtMs), id: row.id }));
    },

    async get(userId, id) {
      const [conversations, messages] = await database.snapshot(reader(userId), (orm) => [
        orm
          .select(columns)
          .from(aiConversations)
          .where(and(eq(aiConversations.id, id), eq(aiConversations.userId, userId))),
        orm
          .select()
          .from(aiMessages)
          .where(and(eq(aiMessages.conversationId, id), eq(aiMessages.userId, userId)))
          .orderBy(asc(aiMessages.position))
          .limit(messagesMax),
      ]);
      const [row] = conversations;
      return row === undefined ? null : { conversation: conversationOf(row), messages: messages.map(messageOf) };
    },

    async remove(userId, id) {
      const [rows] = await database.transaction(writer(userId), (orm) => [
        orm
          .delete(aiConversations)
          .where(and(eq(aiConversations.userId, userId), id === null ? undefined : eq(aiConversations.id, id)))
          .returning({ id: aiConversations.id }),
      ]);
      return rows.length;
    },
  };
}

async function begin(
  database: Database,
  { userId, wallet }: Owner,
  { id, title, createdAtMs }: Pick<ConversationRecord, 'id' | 'title' | 'createdAtMs'>,
): Promise<boolean> {
  const at = new Date(createdAtMs).toISOString();
  const [, , { rows }] = await database.transaction(writer(userId), (orm) => [
    orm.execute(sql`insert into users (id, wallet_address, created_at) values (${userId}, ${wallet}, ${at})
      on conflict (id) do nothing`),
    orm.execute(sql`insert into ai_conversations (id, user_id, title, created_at, updated_at)
      select ${id}::uuid, ${userId}::uuid, ${title}, ${at}::timestamptz, ${at}::timestamptz
      where (select count(*) from ai_conversations where user_id = ${userId}::uuid) < ${conversationsMax}
      on conflict (id) do nothing`),
    orm.execute(sql`select 1 from ai_conversations where id = ${id}::uuid`),
  ]);
  return rows.length === 1;
}

/** Questions have even positions, so that an answer finds its place also where another question came meanwhile. */
async function ask(database: Database, userId: string, { id, conversationId, text, atMs }: Question) {
  const at = new Date(atMs).toISOString();
  try {
    const [, rows] = await database.transaction(writer(userId), (orm) => [
      orm.execute(sql`insert into ai_messages (id, conversation_id, user_id, position, role, content, created_at)
        select ${id}::uuid, c.id, c.user_id, coalesce((select (max(m.position) / 2 + 1) * 2 from ai_messages m
          where m.conversation_id = c.id), 0), 'user', ${text}, ${at}::timestamptz
        from ai_conversations c where c.id = ${conversationId}::uuid and c.user_id = ${userId}::uuid
          and coalesce((select max(m.position) from ai_messages m where m.conversation_id = c.id), 0) < ${messagesMax - 2}
        on conflict (id) do nothing`),
      orm.select({ position: aiMessages.position }).from(aiMessages).where(eq(aiMessages.id, id)),
      orm.execute(sql`update ai_conversations set updated_at = greatest(updated_at, ${at}::timestamptz)
        where id = ${conversationId}::uuid and user_id = ${userId}::uuid`),
    ]);
    return rows[0]?.position ?? null;
  } catch (error) {
    if (error instanceof ConstraintViolation && error.kind === 'unique') return null;
    throw error;
  }
}

async function keepAnswer(
  database: Database,
  userId: string,
  { conversationId, createdAtMs, text, ...same }: NewAnswer,
): Promise<void> {
  const row = {
    ...same,
    conversationId,
    userId,
    role: 'assistant',
    content: text,
    createdAt: new Date(createdAtMs),
  };
  try {
    await database.transaction(writer(userId), (orm) => [
      orm.insert(aiMessages).values(row).onConflictDoNothing({ target: aiMessages.id }),
    ]);
  } catch (error) {
    if (!(error instanceof ConstraintViolation && error.kind === 'foreign_key')) throw error;
  }
}

const columns = {
  id: aiConversations.id,
  title: aiConversations.title,
  createdAt: aiConversations.createdAt,
  updatedAt: aiConversations.updatedAt,
  messages: sql<number>`(select count(*) from ai_messages m where m.conversation_id = ai_conversations.id)`.mapWith(
    Number,
  ),
};

function conversationOf(row: {
  readonly id: string;
  readonly title: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly messages: number;
}): ConversationRecord {
  const { createdAt, updatedAt, ...same } = row;
  return { ...same, createdAtMs: createdAt.getTime(), updatedAtMs: updatedAt.getTime() };
}

function messageOf(row: typeof aiMessages.$inferSelect): MessageRecord {
  return {
    id: row.id,
    position: row.position,
    role: row.role as MessageRecord['role'],
    text: row.content,
    model: row.model,
    isComplete: row.isComplete,
    tools: row.tools,
    proposals: row.proposals,
    createdAtMs: row.createdAt.getTime(),
  };
}
