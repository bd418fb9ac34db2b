import * as z from 'zod';
import {
  conversationDetailSchema,
  conversationListQuerySchema,
  conversationListSchema,
  deletedConversationsSchema,
} from '#shared/protocol/ai-chat.ts';
import { uuidSchema } from '#shared/protocol/common.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentConversation, presentMessage } from '../present-conversation.ts';

const paramsSchema = z.object({ id: uuidSchema });

const unknown = () => refused('AI_004', 'You have no such conversation: it may have been deleted.');

export const aiConversationsList = defineOperation({
  method: 'GET',
  path: '/api/ai/conversations',
  tag: 'Assistant',
  summary: 'Your conversations with the assistant, the last used first',
  auth: 'bearer',
  rate: 'data',
  query: conversationListQuerySchema,
  status: 200,
  answer: conversationListSchema,
  paged: true,
  refusals: ['SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const page = await services.repositories.conversations.list(session.userId, query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentConversation);
  },
});

export const aiConversationsGet = defineOperation({
  method: 'GET',
  path: '/api/ai/conversations/{id}',
  tag: 'Assistant',
  summary: 'A conversation with everything said in it, oldest first',
  auth: 'bearer',
  rate: 'data',
  params: paramsSchema,
  status: 200,
  answer: conversationDetailSchema,
  refusals: ['AI_004', 'SYSTEM_002'],
  handle: async ({ params, session, services }) => {
    const found = await services.repositories.conversations.get(session.userId, params.id);
    if (found === null) throw unknown();
    return { ...presentConversation(found.conversation), messages: found.messages.map(presentMessage) };
  },
});

export const aiConversationsDelete = defineOperation({
  method: 'DELETE',
  path: '/api/ai/conversations/{id}',
  tag: 'Assistant',
  summary: 'Delete a conversation, with everything said in it',
  auth: 'bearer',
  rate: 'data',
  params: paramsSchema,
  status: 200,
  answer: deletedConversationsSchema,
  refusals: ['AI_004', 'AUTH_010', 'SYSTEM_002'],
  handle: async ({ params, session, services }) => {
    const deleted = await services.repositories.conversations.remove(session.userId, params.id);
    if (deleted === 0) throw unknown();
    return { deleted };
  },
});

export const aiConversationsDeleteAll = defineOperation({
  method: 'DELETE',
  path: '/api/ai/conversations',
  tag: 'Assistant',
  summary: 'Delete all your conversations with the assistant',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: deletedConversationsSchema,
  refusals: ['AUTH_010', 'SYSTEM_002'],
  handle: async ({ session, services }) => ({
    deleted: await services.repositories.conversations.remove(session.userId, null),
  }),
});
