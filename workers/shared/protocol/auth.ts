import * as z from 'zod';
import { timestampSchema, uuidSchema, walletAddressSchema } from './common.ts';

/** Characters of a signed sign-in text: ours has about 400. */
const signInMessageLengthMax = 2048;
const nonceLengthMax = 128;
const refreshTokenLengthMax = 512;

export const userSchema = z
  .object({
    id: uuidSchema,
    wallet_address: walletAddressSchema,
    email: z.email().nullable(),
    created_at: timestampSchema,
    last_login: timestampSchema.nullable(),
    kyc_status: z.enum(['pending', 'verified', 'rejected']),
    risk_level: z.enum(['conservative', 'moderate', 'aggressive']),
    trading_preferences: z.record(z.string(), z.unknown()),
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
