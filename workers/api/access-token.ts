import { decode, sign, verify } from 'hono/jwt';
import * as z from 'zod';
import { refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { SessionKey } from '../env.ts';

/** Life of an access token. */
export const accessTokenLifeSeconds = 15 * 60;
const algorithm = 'HS256';

/** Who a token speaks for. */
export interface Session {
  readonly userId: string;
  readonly wallet: string;
  readonly sessionId: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

const claimsSchema = z.object({ sub: z.uuid(), wallet: z.string(), sid: z.string(), exp: z.number().int() });

const base64Url = (text: string): string => {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const jwkOf = ({ kid, secret }: SessionKey) => ({ kty: 'oct', k: base64Url(secret), alg: algorithm, kid }) as const;

/** Signs an access token with the first key. */
export async function issueAccessToken(
  keys: readonly SessionKey[],
  session: Omit<Session, 'expiresAt'>,
  nowMs: number,
): Promise<{ token: string; expiresAt: number }> {
  const [key] = keys;
  if (key === undefined) throw new Error('no session key');
  const issuedAt = Math.floor(nowMs / 1_000);
  const expiresAt = issuedAt + accessTokenLifeSeconds;
  const claims = { sub: session.userId, wallet: session.wallet, sid: session.sessionId, iat: issuedAt, exp: expiresAt };
  return { token: await sign(claims, jwkOf(key), algorithm), expiresAt };
}

const invalid = () => refuse('AUTH_001', 'The access token is not valid. Sign in again.');

/**
 * Verifies an access token with the key its `kid` names. Refusals: AUTH_001 for anything that we did not sign, AUTH_002 when it was ours and
 * expired.
 */
export async function verifyAccessToken(
  keys: readonly SessionKey[],
  token: string,
  nowMs: number,
): Promise<Result<Session>> {
  const key = keyNamedBy(keys, token);
  if (key === undefined) return invalid();
  let payload: unknown;
  try {
    // Expiry is judged below: an expired token of ours asks for a refresh, a forged one for a sign-in.
    payload = await verify(token, jwkOf(key), { alg: algorithm, exp: false, iat: false, nbf: false });
  } catch {
    return invalid();
  }
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) return invalid();
  const { sub, wallet, sid, exp } = claims.data;
  if (exp * 1_000 <= nowMs) {
    return refuse('AUTH_002', 'The access token has expired. Get a new one with POST /api/auth/refresh.');
  }
  return { ok: true, value: { userId: sub, wallet, sessionId: sid, expiresAt: exp } };
}

function keyNamedBy(keys: readonly SessionKey[], token: string): SessionKey | undefined {
  try {
    const { header } = decode(token);
    return keys.find((key) => 'kid' in header && key.kid === header.kid);
  } catch {
    return undefined;
  }
}
