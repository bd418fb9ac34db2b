import { userSchema } from '#shared/protocol/auth.ts';
import { defineOperation } from '../operation.ts';
import { presentUser, unwrittenUser } from '../user-session.ts';

export const usersMe = defineOperation({
  method: 'GET',
  path: '/api/users/me',
  tag: 'Users',
  summary: 'Your profile',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: userSchema,
  refusals: ['SYSTEM_002'],
  handle: async ({ session, services }) => {
    const record = await services.repositories.users.get(session.userId);
    // A sign-in while the database was away has no row yet; the first order or the next sign-in writes it.
    return presentUser(record ?? unwrittenUser(session.wallet, services.clock.nowMs()));
  },
});
