import { defineOperation } from '../operation.ts';

export const authLogout = defineOperation({
  method: 'POST',
  path: '/api/auth/logout',
  tag: 'Authentication',
  summary: 'End this session; its access token lasts to its end, at most 15 minutes',
  auth: 'bearer',
  rate: 'sign-in',
  status: 204,
  refusals: [],
  handle: async ({ session, services }) => {
    await services.account(session.wallet).endSession(session.sessionId);
  },
});
