import { nonceRequestSchema, nonceResponseSchema } from '#shared/protocol/auth.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { defineOperation } from '../operation.ts';
import { createChallenge, signInSite } from '../sign-in.ts';

export const authNonce = defineOperation({
  method: 'POST',
  path: '/api/auth/nonce',
  tag: 'Authentication',
  summary: 'Get the text a wallet signs to sign in; valid for 5 minutes',
  auth: 'none',
  rate: 'sign-in',
  body: nonceRequestSchema,
  status: 200,
  answer: nonceResponseSchema,
  refusals: ['VALIDATION_004'],
  handle: async ({ body, services: { settings, clock } }) => {
    const site = signInSite(settings);
    const challenge = await createChallenge(settings.SESSION_KEYS, site, body.wallet_address, clock.nowMs());
    return { message: challenge.message, nonce: challenge.nonce, expires_at: timestampOf(challenge.expiresAtMs) };
  },
});
