import { verifyAccessToken, type Session } from '../access-token.ts';
import type { ApiContext } from '../context.ts';
import { refused, unwrap } from '../errors.ts';

/**
 * The session of a request with `Authorization: Bearer <access token>`.
 *
 * @throws RefusedError AUTH_001 (none, or not ours), AUTH_002 (expired).
 */
export async function authenticate(context: ApiContext): Promise<Session> {
  const { settings, clock } = context.get('services');
  const header = context.req.header('authorization');
  if (header === undefined) {
    throw refused(
      'AUTH_001',
      'This needs a signed-in trader: send Authorization: Bearer <token> from POST /api/auth/login.',
    );
  }
  const token = /^Bearer ([\w.-]+)$/i.exec(header)?.[1];
  if (token === undefined) throw refused('AUTH_001', 'The Authorization header must read: Bearer <token>.');
  return unwrap(await verifyAccessToken(settings.SESSION_KEYS, token, clock.nowMs()));
}
