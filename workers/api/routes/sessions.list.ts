import * as z from 'zod';
import { sessionSchema } from '#shared/protocol/auth.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { defineOperation } from '../operation.ts';

export const sessionsList = defineOperation({
  method: 'GET',
  path: '/api/auth/sessions',
  tag: 'Authentication',
  summary: 'Sessions of your wallet that stand, newest first: sign-ins and API sessions',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: z.array(sessionSchema),
  refusals: [],
  handle: async ({ session, services }) => {
    const sessions = await services.account(session.wallet).listSessions();
    return sessions.map((record) => ({
      id: record.sessionId,
      name: record.name,
      user_agent: record.userAgent,
      created_at: timestampOf(record.createdAtMs),
      last_used_at: timestampOf(record.lastUsedAtMs),
      expires_at: timestampOf(record.expiresAtMs),
      is_current: record.sessionId === session.sessionId,
    }));
  },
});
