import { authResponseSchema, refreshRequestSchema } from '#shared/protocol/auth.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { openRefreshToken } from '../refresh-token.ts';
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
    // Before its object is asked: a token that we did not give wakes nothing.
    const opened = await openRefreshToken(services.settings, body.refresh_token, services.clock.nowMs());
    if (opened === null) throw invalid;
    const account = services.account(opened.wallet);
    const tokens = await account.rotateSession(opened.token);
    if (tokens === null) throw invalid;
    const user = await findUser(services, opened.wallet, context.get('logger'));
    if (!user.isActive) {
      await account.endSession(tokens.sessionId);
      throw refused('AUTH_008', 'This account is disabled. Its funds can be withdrawn on chain at any time.');
    }
    return grant(services, user, tokens);
  },
});
