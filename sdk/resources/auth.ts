import {
  authResponseSchema,
  endedSessionsSchema,
  nonceResponseSchema,
  sessionSchema,
  stepUpResponseSchema,
} from '#shared/protocol/auth.ts';
import * as z from 'zod';

import type { HttpClient } from '../http.ts';
import { own, segment } from './request.ts';

/** A request that a fresh signature is for: `POST /api/auth/sessions`, and the body that it will be sent with. */
export interface RequestToConfirm {
  /** Method and path. */
  readonly operation: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/**
 * Sign-in with a wallet, sessions, and confirming one request with a fresh signature.
 *
 * @example
 * const { message } = await client.auth.nonce(wallet);
 * const { token } = await client.auth.login(wallet, message, sign(message));
 */
export function authOf(http: HttpClient) {
  return {
    /** The exact Sign-In-With-Solana text for this wallet to sign, valid for 5 minutes. */
    nonce: (walletAddress: string) =>
      http.request('POST', '/api/auth/nonce', nonceResponseSchema, {
        body: { wallet_address: walletAddress },
        repeatable: true,
      }),
    /** `signature`: base58 ed25519 over the bytes of `message`. */
    login: (walletAddress: string, message: string, signature: string) =>
      http.request('POST', '/api/auth/login', authResponseSchema, {
        body: { wallet_address: walletAddress, message, signature },
      }),
    refresh: (refreshToken: string) =>
      http.request('POST', '/api/auth/refresh', authResponseSchema, { body: { refresh_token: refreshToken } }),
    logout: () => http.request('POST', '/api/auth/logout', z.unknown(), { auth: true, body: {} }),
    /** The text to sign that confirms one request; it names the operation and every field of the body. */
    stepUpText: async (request: RequestToConfirm): Promise<string> => {
      const answer = await http.request('POST', '/api/auth/step-up', stepUpResponseSchema, {
        auth: true,
        body: request,
      });
      return answer.message ?? '';
    },
    /** The token for that one request, once, within 5 minutes. */
    stepUp: async (request: RequestToConfirm, message: string, signature: string): Promise<string> => {
      const body = { ...request, message, signature };
      const answer = await http.request('POST', '/api/auth/step-up', stepUpResponseSchema, { auth: true, body });
      return answer.step_up_token ?? '';
    },
    /** Sessions that stand, newest first. */
    sessions: (signal?: AbortSignal) => http.request('GET', '/api/auth/sessions', z.array(sessionSchema), own(signal)),
    /** A session for a program, with tokens of its own. `stepUpToken` confirms `POST /api/auth/sessions` with `{name, expires_in_days}`. */
    createSession: (session: { name: string; expiresInDays?: number }, stepUpToken: string) =>
      http.request('POST', '/api/auth/sessions', authResponseSchema, {
        auth: true,
        stepUpToken,
        body: { name: session.name, expires_in_days: session.expiresInDays },
      }),
    endSession: (id: string) =>
      http.request('DELETE', `/api/auth/sessions/${segment(id)}`, z.unknown(), { auth: true }),
    /** Ends every session but this one. */
    endOtherSessions: () => http.request('DELETE', '/api/auth/sessions', endedSessionsSchema, { auth: true }),
  };
}
