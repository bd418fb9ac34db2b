import * as z from 'zod';
import { timestampSchema, uuidSchema, walletAddressSchema } from './common.ts';
import { kycStatusSchema, riskLevelSchema, tradingPreferencesSchema } from './users.ts';

/** Characters of a signed text: a sign-in has about 400, a confirmation at most 1,700. */
const signInMessageLengthMax = 2048;
const nonceLengthMax = 128;
/** Ours has about 500. */
const refreshTokenLengthMax = 1_024;

export const userSchema = z
  .object({
    id: uuidSchema,
    wallet_address: walletAddressSchema,
    email: z.email().nullable(),
    created_at: timestampSchema,
    last_login: timestampSchema.nullable(),
    kyc_status: kycStatusSchema,
    risk_level: riskLevelSchema,
    trading_preferences: tradingPreferencesSchema,
  })
  .meta({ id: 'User' });

export type User = z.infer<typeof userSchema>;

export const nonceRequestSchema = z.strictObject({ wallet_address: walletAddressSchema });

export const nonceResponseSchema = z
  .object({
    message: z.string().meta({ description: 'The exact text to sign with the wallet' }),
    nonce: z.string().max(nonceLengthMax),
    expires_at: timestampSchema,
  })
  .meta({ id: 'NonceResponse' });

export type NonceResponse = z.infer<typeof nonceResponseSchema>;

export const loginRequestSchema = z.strictObject({
  wallet_address: walletAddressSchema,
  signature: z.string().min(1).max(128).meta({ description: 'ed25519 signature of `message` by the wallet, base58' }),
  message: z
    .string()
    .min(1)
    .max(signInMessageLengthMax)
    .meta({ description: 'The text given by POST /api/auth/nonce, unchanged' }),
});

export type LoginRequest = z.infer<typeof loginRequestSchema>;

export const authResponseSchema = z
  .object({
    token: z.string().meta({ description: 'Access token (JWT), sent as `Authorization: Bearer …`' }),
    user: userSchema,
    expires_at: timestampSchema.meta({ description: 'End of the access token' }),
    refresh_token: z.string().max(refreshTokenLengthMax),
    refresh_expires_at: timestampSchema,
  })
  .meta({ id: 'AuthResponse' });

export type AuthResponse = z.infer<typeof authResponseSchema>;

export const refreshRequestSchema = z.strictObject({
  refresh_token: z
    .string()
    .min(1)
    .max(refreshTokenLengthMax)
    .meta({ description: 'Valid once; the answer carries the next one' }),
});

const sessionNameLengthMax = 64;
const apiSessionDaysDefault = 90;
const apiSessionDaysMax = 365;

export const sessionSchema = z
  .object({
    id: uuidSchema,
    name: z.string().nullable().meta({ description: 'Of an API session; null for a sign-in' }),
    user_agent: z.string().nullable(),
    created_at: timestampSchema,
    last_used_at: timestampSchema.meta({ description: 'Last refresh or command, to the minute' }),
    expires_at: timestampSchema,
    is_current: z.boolean().meta({ description: 'The session that asks' }),
  })
  .meta({ id: 'Session' });

export type SessionDto = z.infer<typeof sessionSchema>;

export const endedSessionsSchema = z.object({ ended: z.int().min(0) }).meta({ id: 'EndedSessions' });

export const createSessionRequestSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(sessionNameLengthMax)
      .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'Use no control characters.'),
    expires_in_days: z.int().min(1).max(apiSessionDaysMax).default(apiSessionDaysDefault),
  })
  .meta({ id: 'CreateSessionRequest' });

/** Method and path of the request to confirm, as `POST /api/auth/sessions`. */
const operationSchema = z
  .string()
  .max(256)
  .regex(/^(POST|PUT|PATCH|DELETE) \/api\/[\w./-]+$/, 'Name method and path, like POST /api/auth/sessions.')
  .meta({ description: 'Method and path of the request to confirm', examples: ['POST /api/auth/sessions'] });

export const stepUpRequestSchema = z
  .strictObject({
    operation: operationSchema,
    body: z.record(z.string(), z.unknown()).optional().meta({
      description: 'The body of that request, if it takes one: the text names its fields, the token is for no other',
    }),
    message: z.string().min(1).max(signInMessageLengthMax).optional(),
    signature: z.string().min(1).max(128).optional(),
  })
  .refine(
    ({ message, signature }) => (message === undefined) === (signature === undefined),
    'Send message and signature together, or neither to be given the text.',
  )
  .meta({ id: 'StepUpRequest' });

/** Without a signature the text to sign; with one the token. */
export const stepUpResponseSchema = z
  .object({
    message: z.string().optional().meta({ description: 'The exact text to sign with the wallet' }),
    step_up_token: z.string().optional().meta({ description: 'For the header `X-Step-Up` of that one request' }),
    expires_at: timestampSchema,
  })
  .meta({ id: 'StepUpResponse' });

export type StepUpResponse = z.infer<typeof stepUpResponseSchema>;
