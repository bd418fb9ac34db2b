import { stepUpRequestSchema, stepUpResponseSchema } from '#shared/protocol/auth.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { readConfirmedRequest } from '../confirmed-request.ts';
import { unwrap } from '../errors.ts';
import { defineOperation, type Operation } from '../operation.ts';
import { createStepUpChallenge, grantStepUp } from '../step-up.ts';

/** Confirms requests of `operations`: the list that it stands in itself. */
export const defineStepUp = (operations: () => readonly Operation[]): Operation =>
  defineOperation({
    method: 'POST',
    path: '/api/auth/step-up',
    tag: 'Authentication',
    summary: 'Confirm one request with the wallet: first the text to sign, then, with its signature, the token',
    auth: 'bearer',
    rate: 'sign-in',
    body: stepUpRequestSchema,
    status: 200,
    answer: stepUpResponseSchema,
    refusals: ['AUTH_003', 'AUTH_004', 'AUTH_005', 'AUTH_010', 'MARKET_001', 'VALIDATION_004'],
    handle: async ({ body: { operation, body, message, signature }, session, services }) => {
      const request = await readConfirmedRequest(operations(), operation, body);
      if (message === undefined || signature === undefined) {
        const challenge = await createStepUpChallenge(services, session, request);
        return { message: challenge.message, expires_at: timestampOf(challenge.expiresAtMs) };
      }
      const granted = unwrap(await grantStepUp(services, session, request, { message, signature }));
      return { step_up_token: granted.token, expires_at: timestampOf(granted.expiresAtMs) };
    },
  });
