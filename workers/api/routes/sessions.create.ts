import { authResponseSchema, createSessionRequestSchema } from '#shared/protocol/auth.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { findUser, grant, userAgentOf } from '../user-session.ts';

const dayMs = 86_400_000;

export const sessionsCreate = defineOperation({
  method: 'POST',
  path: '/api/auth/sessions',
  tag: 'Authentication',
  summary: 'Create a named session for a program, with tokens of its own and a fixed end',
  auth: 'bearer',
  stepUp: true,
  rate: 'sign-in',
  body: createSessionRequestSchema,
  status: 201,
  answer: authResponseSchema,
  refusals: ['AUTH_008', 'AUTH_014'],
  handle: async ({ body, session, services, context }) => {
    const created = await services.account(session.wallet).createApiSession({
      userId: session.userId,
      userAgent: userAgentOf(context),
      name: body.name,
      expiresAtMs: services.clock.nowMs() + body.expires_in_days * dayMs,
    });
    return grant(services, await findUser(services, session.wallet, context.get('logger')), unwrap(created));
  },
});
