import * as z from 'zod';
import { endedSessionsSchema } from '#shared/protocol/auth.ts';
import { uuidSchema } from '#shared/protocol/common.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const sessionsEnd = defineOperation({
  method: 'DELETE',
  path: '/api/auth/sessions/{id}',
  tag: 'Authentication',
  summary: 'End one of your sessions',
  auth: 'bearer',
  rate: 'sign-in',
  params: z.object({ id: uuidSchema }),
  status: 204,
  refusals: ['AUTH_010', 'AUTH_012'],
  handle: async ({ params, session, services }) => {
    const ended = await services.account(session.wallet).endSession(params.id);
    if (!ended) throw refused('AUTH_012', 'You have no such session. GET /api/auth/sessions lists those that stand.');
  },
});

export const sessionsEndOthers = defineOperation({
  method: 'DELETE',
  path: '/api/auth/sessions',
  tag: 'Authentication',
  summary: 'End every session of your wallet but this one',
  auth: 'bearer',
  rate: 'sign-in',
  status: 200,
  answer: endedSessionsSchema,
  refusals: ['AUTH_010'],
  handle: async ({ session, services }) => ({
    ended: await services.account(session.wallet).endOtherSessions(session.sessionId),
  }),
});
