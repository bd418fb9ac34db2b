import type { UserRecord } from '#db/repositories/users.ts';
import type { AuthResponse, User } from '#shared/protocol/auth.ts';
import { timestampOf, timestampOrNull } from '#shared/protocol/present/fields.ts';
import type { SessionTokens } from '../account/contract.ts';
import { userIdOf } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { withTimeout } from '../platform/retry.ts';
import { issueAccessToken } from './access-token.ts';
import type { Services } from './context.ts';

/** How long a sign-in waits for the database: it goes on without it. */
const databaseWaitMsMax = 1_500;

/** A user as he is before his row is written: his id follows from his wallet, everything else is its default. */
export const unwrittenUser = (wallet: string, nowMs: number): UserRecord => ({
  id: userIdOf(wallet),
  walletAddress: wallet,
  email: null,
  createdAtMs: nowMs,
  lastLoginMs: nowMs,
  tradingPreferences: {},
  kycStatus: 'pending',
  riskLevel: 'moderate',
  isActive: true,
});

/** Notes a sign-in, creating the user. A dead database does not keep a trader from his positions: the row is written by the next chance. */
export async function findUserAtSignIn(services: Services, wallet: string, logger: Logger): Promise<UserRecord> {
  const nowMs = services.clock.nowMs();
  return orUnwritten(() => services.repositories.users.signIn(wallet, nowMs), wallet, nowMs, logger);
}

/** The user of a session that goes on. */
export async function findUser(services: Services, wallet: string, logger: Logger): Promise<UserRecord> {
  const nowMs = services.clock.nowMs();
  const read = async () => (await services.repositories.users.get(userIdOf(wallet))) ?? unwrittenUser(wallet, nowMs);
  return orUnwritten(read, wallet, nowMs, logger);
}

async function orUnwritten(
  read: () => Promise<UserRecord>,
  wallet: string,
  nowMs: number,
  logger: Logger,
): Promise<UserRecord> {
  try {
    return await withTimeout(read, databaseWaitMsMax);
  } catch (error) {
    logger.warn('sign-in without the database', { error });
    return unwrittenUser(wallet, nowMs);
  }
}

export const presentUser = (record: UserRecord): User => ({
  id: record.id,
  wallet_address: record.walletAddress,
  email: record.email,
  created_at: timestampOf(record.createdAtMs),
  last_login: timestampOrNull(record.lastLoginMs),
  kyc_status: record.kycStatus,
  risk_level: record.riskLevel,
  trading_preferences: { ...record.tradingPreferences },
});

/** The answer to a sign-in or refresh: a fresh access token beside the session's refresh token. */
export async function grant(services: Services, user: UserRecord, tokens: SessionTokens): Promise<AuthResponse> {
  const session = { userId: tokens.userId, wallet: user.walletAddress, sessionId: tokens.sessionId };
  const { token, expiresAt } = await issueAccessToken(services.settings.SESSION_KEYS, session, services.clock.nowMs());
  return {
    token,
    user: presentUser(user),
    expires_at: timestampOf(expiresAt * 1_000),
    refresh_token: tokens.refreshToken,
    refresh_expires_at: timestampOf(tokens.refreshExpiresAtMs),
  };
}
