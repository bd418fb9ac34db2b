import type * as z from 'zod';
import {
  type ChatMessageDto,
  type ConversationDto,
  proposalSchema,
  toolActivitySchema,
} from '#shared/protocol/ai-chat.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import type { ConversationRecord, MessageRecord } from '../analyst/contract.ts';

export const presentConversation = (record: ConversationRecord): ConversationDto => ({
  conversation_id: record.id,
  title: record.title,
  messages: record.messages,
  created_at: timestampOf(record.createdAtMs),
  updated_at: timestampOf(record.updatedAtMs),
});

/** What was said. Tools and proposals that no longer fit their schemas, as an older version kept them, are left out. */
export const presentMessage = (record: MessageRecord): ChatMessageDto => ({
  message_id: record.id,
  role: record.role,
  text: record.text,
  model: record.model,
  complete: record.isComplete,
  tools: fitting(toolActivitySchema, record.tools),
  proposals: fitting(proposalSchema, record.proposals),
  created_at: timestampOf(record.createdAtMs),
});

const fitting = <Schema extends z.ZodType>(schema: Schema, values: readonly unknown[]): z.output<Schema>[] =>
  values.flatMap((value) => {
    const read = schema.safeParse(value);
    return read.success ? [read.data] : [];
  });
