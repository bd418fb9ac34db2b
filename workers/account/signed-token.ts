import { decode, sign, verify } from 'hono/jwt';
import type { SessionKey, Settings } from '../env.ts';

/** What a token may be used for: one made for one purpose is nothing for another. */
export type TokenAudience = 'access' | 'refresh' | 'step-up';

/** Whose tokens these are: keys in order (the first signs, all verify), and the site they are for. */
export type TokenSettings = Pick<Settings, 'SESSION_KEYS' | 'SIGN_IN_DOMAIN'>;

const algorithm = 'HS256';

const asBase64Url = (binary: string): string =>
  btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const base64Url = (text: string): string => {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return asBase64Url(binary);
};

/** The last character of a part has bits that say nothing: with others in them the same token would be written in several ways. */
const isCanonical = (part: string): boolean =>
  asBase64Url(atob(part.replaceAll('-', '+').replaceAll('_', '/'))) === part;

const jwkOf = ({ kid, secret }: SessionKey) => ({ kty: 'oct', k: base64Url(secret), alg: algorithm, kid }) as const;

/** Signs a JWT with the first key. `expiresAt` in seconds since 1970. */
export async function signToken(
  settings: TokenSettings,
  audience: TokenAudience,
  claims: Readonly<Record<string, unknown>>,
  expiresAt: number,
): Promise<string> {
  const [key] = settings.SESSION_KEYS;
  if (key === undefined) throw new Error('no session key');
  return sign({ ...claims, iss: settings.SIGN_IN_DOMAIN, aud: audience, exp: expiresAt }, jwkOf(key), algorithm);
}

/**
 * The claims of a token that one of our keys signed, the one its `kid` names, for this site and this purpose, written the one way there is; else null. Its expiry is the
 * caller's to judge.
 */
export async function readToken(settings: TokenSettings, audience: TokenAudience, token: string): Promise<unknown> {
  const key = keyNamedBy(settings.SESSION_KEYS, token);
  if (key === undefined) return null;
  try {
    if (!token.split('.').every(isCanonical)) return null;
    const expected = { alg: algorithm, iss: settings.SIGN_IN_DOMAIN, aud: audience } as const;
    return await verify(token, jwkOf(key), { ...expected, exp: false, iat: false, nbf: false });
  } catch {
    return null;
  }
}

function keyNamedBy(keys: readonly SessionKey[], token: string): SessionKey | undefined {
  try {
    const { header } = decode(token);
    return keys.find((key) => 'kid' in header && key.kid === header.kid);
  } catch {
    return undefined;
  }
}
