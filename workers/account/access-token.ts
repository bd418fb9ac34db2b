import * as z from 'zod';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { Settings } from '../env.ts';
import { readToken, signToken, type TokenSettings } from './signed-token.ts';

/** Life of an access token. */
export const accessTokenLifeSeconds = 15 * 60;

export type Role = 'user' | 'admin';
/** Who the admins are is configuration alone: no row of the database makes one. */
export type RoleSettings = Pick<Settings, 'ADMIN_WALLETS'>;
export type AccessTokenSettings = TokenSettings & RoleSettings;

/** Who a token speaks for. */
export interface Session {
  readonly userId: string;
  readonly wallet: string;
  readonly sessionId: string;
  readonly role: Role;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const claimsSchema = z.object({
  sub: z.uuid(),
  wallet: z.string(),
  sid: z.string(),
  role: z.enum(['user', 'admin']),
  exp: z.number().int(),
});

/** The role a wallet's sign-in has. */
export const roleOf = (settings: RoleSettings, wallet: string): Role =>
  settings.ADMIN_WALLETS.includes(wallet) ? 'admin' : 'user';

/** Signs an access token with the first key. */
export async function issueAccessToken(
  settings: TokenSettings,
  session: Omit<Session, 'expiresAt'>,
  nowMs: number,
): Promise<{ token: string; expiresAt: number }> {
  const issuedAt = Math.floor(nowMs / 1_000);
  const expiresAt = issuedAt + accessTokenLifeSeconds;
  const { userId, wallet, sessionId, role } = session;
  const claims = { sub: userId, wallet, sid: sessionId, role, iat: issuedAt };
  return { token: await signToken(settings, 'access', claims, expiresAt), expiresAt };
}

/**
 * Verifies an access token with the key its `kid` names. A wallet that is no admin any more has the role of a user at once. Refusals: AUTH_001
 * for anything that we did not sign for this purpose, AUTH_002 when it was ours and expired.
 */
export async function verifyAccessToken(
  settings: AccessTokenSettings,
  token: string,
  nowMs: number,
): Promise<Result<Session>> {
  const claims = claimsSchema.safeParse(await readToken(settings, 'access', token));
  if (!claims.success) return refuse('AUTH_001', 'The access token is not valid. Sign in again.');
  const { sub, wallet, sid, role, exp } = claims.data;
  // Judged here: an expired token of ours asks for a refresh, a forged one for a sign-in.
  if (exp * 1_000 <= nowMs) {
    return refuse('AUTH_002', 'The access token has expired. Get a new one with POST /api/auth/refresh.');
  }
  const held = role === 'admin' ? roleOf(settings, wallet) : 'user';
  return ok({ userId: sub, wallet, sessionId: sid, role: held, expiresAt: exp });
}
