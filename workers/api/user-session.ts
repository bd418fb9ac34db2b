import type { ChangedUser, UserRecord } from '#db/repositories/users.ts';
import type { AuthResponse, User } from '#shared/protocol/auth.ts';
import { timestampOf, timestampOrNull } from '#shared/protocol/present/fields.ts';
import { type TradingPreferences, tradingPreferencesSchema } from '#shared/protocol/users.ts';
import type { SessionTokens } from '../account/contract.ts';
import type { Standing } from '#shared/standing.ts';
import { userIdOf } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { withTimeout } from '../platform/retry.ts';
import { issueAccessToken, roleOf } from '../account/access-token.ts';
import type { ApiContext, Services } from './context.ts';
import { sealRefreshToken } from './refresh-token.ts';

/** Characters of a client's name that are kept with its session. */
const userAgentLengthMax = 200;
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

/**
 * Notes a sign-in, creating the user, and tells his object how he stands. A dead database does not keep a trader from his positions: the row
 * is written by the next chance, and what the object knows of him goes on to count.
 */
export async function findUserAtSignIn(services: Services, wallet: string, logger: Logger): Promise<UserRecord> {
  const nowMs = services.clock.nowMs();
  const noteSignIn = async () => {
    const user = await services.repositories.users.signIn(wallet, nowMs);
    await pushStanding(services, user);
    return user;
  };
  return orUnwritten(noteSignIn, services, wallet, logger);
}

/** Tells the wallet's object what the changed row says: orders are judged by it without the database. */
export const pushStanding = (services: Services, user: ChangedUser): Promise<void> =>
  services.account(user.walletAddress).setStanding(standingOf(user));

function standingOf({ isActive, kycStatus, riskLevel, tradingPreferences, version }: ChangedUser): Standing {
  const { default_leverage, max_slippage_bps } = preferencesOf(tradingPreferences);
  return {
    isActive,
    kycStatus,
    riskLevel,
    defaultLeverageE2: default_leverage ?? null,
    maxSlippageBps: max_slippage_bps ?? null,
    version,
  };
}

/** Preferences as stored; a row written by something else may hold what is none, which counts as none. */
function preferencesOf(stored: UserRecord['tradingPreferences']): TradingPreferences {
  const parsed = tradingPreferencesSchema.safeParse(stored);
  return parsed.success ? parsed.data : {};
}

/** The user of a session that goes on. */
export async function findUser(services: Services, wallet: string, logger: Logger): Promise<UserRecord> {
  const nowMs = services.clock.nowMs();
  const read = async () => (await services.repositories.users.get(userIdOf(wallet))) ?? unwrittenUser(wallet, nowMs);
  return orUnwritten(read, services, wallet, logger);
}

/** Without the database, the wallet's object still knows whether the exchange closed its API for it. */
async function orUnwritten(
  read: () => Promise<UserRecord>,
  services: Services,
  wallet: string,
  logger: Logger,
): Promise<UserRecord> {
  try {
    return await withTimeout(read, databaseWaitMsMax);
  } catch (error) {
    logger.warn('sign-in without the database', { error });
    const isActive = await services.account(wallet).isActive();
    return { ...unwrittenUser(wallet, services.clock.nowMs()), isActive };
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
  trading_preferences: preferencesOf(record.tradingPreferences),
});

/** What the client calls itself, as the list of sessions shows it. */
export const userAgentOf = (context: ApiContext): string | null =>
  context.req.header('user-agent')?.slice(0, userAgentLengthMax) ?? null;

/** The answer to a sign-in or refresh: a fresh access token beside the session's refresh token. */
export async function grant(services: Services, user: UserRecord, tokens: SessionTokens): Promise<AuthResponse> {
  const { settings, clock } = services;
  const { userId, sessionId, isApi } = tokens;
  // A program never acts as an operator.
  const role = isApi ? 'user' : roleOf(settings, user.walletAddress);
  const session = { userId, wallet: user.walletAddress, sessionId, role };
  const { token, expiresAt } = await issueAccessToken(settings, session, clock.nowMs());
  return {
    token,
    user: presentUser(user),
    expires_at: timestampOf(expiresAt * 1_000),
    refresh_token: await sealRefreshToken(settings, tokens.refreshToken, tokens.refreshExpiresAtMs),
    refresh_expires_at: timestampOf(tokens.refreshExpiresAtMs),
  };
}
