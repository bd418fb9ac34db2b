import { authResponseSchema, loginRequestSchema } from '#shared/protocol/auth.ts';
import { userIdOf } from '../../platform/ids.ts';
import { refused, unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { signInSite, verifySignIn } from '../sign-in.ts';
import { findUserAtSignIn, grant, userAgentOf } from '../user-session.ts';

export const authLogin = defineOperation({
  method: 'POST',
  path: '/api/auth/login',
  tag: 'Authentication',
  summary: 'Sign in with a signed text; the first sign-in creates the user',
  auth: 'none',
  rate: 'sign-in',
  body: loginRequestSchema,
  status: 200,
  answer: authResponseSchema,
  refusals: ['AUTH_003', 'AUTH_004', 'AUTH_005', 'AUTH_008', 'VALIDATION_004'],
  handle: async ({ body, services, context }) => {
    const { settings, clock } = services;
    const proof = { wallet: body.wallet_address, message: body.message, signature: body.signature };
    const site = signInSite(settings);
    const { nonce, expiresAtMs } = unwrap(await verifySignIn(settings.SESSION_KEYS, site, proof, clock.nowMs()));
    const account = services.account(proof.wallet);
    if (!(await account.consumeNonce(nonce, expiresAtMs))) {
      throw refused('AUTH_005', 'This sign-in text was used before. Ask for a new one with POST /api/auth/nonce.');
    }
    const user = await findUserAtSignIn(services, proof.wallet, context.get('logger'));
    if (!user.isActive)
      throw refused('AUTH_008', 'This account is disabled. Its funds can be withdrawn on chain at any time.');
    const session = { userId: userIdOf(proof.wallet), userAgent: userAgentOf(context) };
    return grant(services, user, unwrap(await account.createSession(session)));
  },
});
