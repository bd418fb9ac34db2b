import { defineOperation } from '../operation.ts';

export const authLogout = defineOperation({
  method: 'POST',
  path: '/api/auth/logout',
  tag: 'Authentication',
  summary: 'End this session: its tokens change nothing from now on, and read for at most 15 minutes',
  auth: 'bearer',
  rate: 'sign-in',
  status: 204,
  refusals: ['AUTH_010'],
  handle: async ({ session, services }) => {
    await services.account(session.wallet).endSession(session.sessionId);
  },
});
