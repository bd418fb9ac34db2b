import { authResponseSchema, refreshRequestSchema } from '#shared/protocol/auth.ts';
import { walletAddressSchema } from '#shared/protocol/common.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { findUser, grant } from '../user-session.ts';

export const authRefresh = defineOperation({
  method: 'POST',
  path: '/api/auth/refresh',
  tag: 'Authentication',
  summary: 'Exchange a refresh token, once, for new tokens; a second use ends the session',
  auth: 'none',
  rate: 'sign-in',
  body: refreshRequestSchema,
  status: 200,
  answer: authResponseSchema,
  refusals: ['AUTH_006', 'AUTH_008'],
  handle: async ({ body, services, context }) => {
    const invalid = refused('AUTH_006', 'The refresh token is not valid any more. Sign in again with your wallet.');
    // A token names its wallet, whose object alone knows the rest of it.
    const wallet = walletAddressSchema.safeParse(body.refresh_token.split('.')[0]);
    if (!wallet.success) throw invalid;
    const tokens = await services.account(wallet.data).rotateSession(body.refresh_token);
    if (tokens === null) throw invalid;
    const user = await findUser(services, wallet.data, context.get('logger'));
    if (!user.isActive)
      throw refused('AUTH_008', 'This account is disabled. Its funds can be withdrawn on chain at any time.');
    return grant(services, user, tokens);
  },
});
