import { verifyAccessToken, type Session } from '../../account/access-token.ts';
import type { ApiContext } from '../context.ts';
import { refused, type RefusedError, unwrap } from '../errors.ts';

/** Who may call an operation: anybody, a signed-in trader, an operator. */
export type AuthClass = 'none' | 'bearer' | 'admin';

/**
 * The session of a request with `Authorization: Bearer <access token>`.
 *
 * @throws RefusedError AUTH_001 (none, or not ours), AUTH_002 (expired), AUTH_007 (an operator's, asked by somebody else).
 */
export async function authenticate(context: ApiContext, auth: Exclude<AuthClass, 'none'>): Promise<Session> {
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
  const session = unwrap(await verifyAccessToken(settings, token, clock.nowMs()));
  if (auth === 'admin' && session.role !== 'admin') {
    throw refused('AUTH_007', "This is the operators' alone: sign in with a wallet that has the role admin.");
  }
  return session;
}

/** The token is ours and has not expired, and yet its session stands no more. */
export const sessionEnded = (): RefusedError =>
  refused('AUTH_010', 'This session was ended. Sign in again with your wallet.');

/**
 * Asks the wallet's object whether the session still stands, and notes its use there.
 *
 * @throws RefusedError AUTH_010.
 */
export async function requireStanding(context: ApiContext, session: Session): Promise<void> {
  const stands = await context.get('services').account(session.wallet).useSession(session.sessionId);
  if (!stands) throw sessionEnded();
}
