import { and, desc, eq, sql } from 'drizzle-orm';
import { userIdOf } from '../../workers/platform/ids.ts';
import type { PersonalData } from '../../workers/platform/personal-data.ts';
import type { KycStatus, RiskLevel } from '#shared/standing.ts';
import type { Database } from '../client.ts';
import { users } from '../schema/users.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

/** A trader as the database knows him. */
export interface UserRecord {
  readonly id: string;
  readonly walletAddress: string;
  readonly email: string | null;
  readonly createdAtMs: number;
  readonly lastLoginMs: number | null;
  readonly tradingPreferences: Readonly<Record<string, unknown>>;
  readonly kycStatus: KycStatus;
  readonly riskLevel: RiskLevel;
  readonly isActive: boolean;
}

/** A user as the writer of a change left him. */
export interface ChangedUser extends UserRecord {
  /** The database's clock while the row was locked, microseconds: of two versions of a row the higher one is the newer. */
  readonly version: number;
}

/** What operators change. */
export interface AdminChange {
  readonly isActive?: boolean;
  readonly kycStatus?: KycStatus;
}

export interface UserFilter extends PageRequest {
  /** Wallets that begin with this. */
  readonly walletPrefix?: string | undefined;
  readonly kycStatus?: KycStatus | undefined;
  readonly isActive?: boolean | undefined;
}

export interface ProfileChange {
  readonly email?: string | null;
  readonly tradingPreferences?: Readonly<Record<string, unknown>>;
  readonly riskLevel?: RiskLevel;
}

export interface UserRepository {
  /** Notes a sign-in, creating the user on the first one. */
  signIn(wallet: string, atMs: number): Promise<ChangedUser>;
  get(userId: string): Promise<UserRecord | null>;
  /** Changes the user's own profile. Null when there is no such user. @throws ConstraintViolation `users_email_digest_key`. */
  changeProfile(userId: string, change: ProfileChange): Promise<ChangedUser | null>;
  /** An operator's change. Null when there is no such user. */
  administer(userId: string, change: AdminChange): Promise<ChangedUser | null>;
  /** Operators' list of all users, the newest first. */
  list(filter: UserFilter): Promise<Page<UserRecord>>;
}

const columns = {
  id: users.id,
  walletAddress: users.walletAddress,
  email: users.email,
  emailSealed: users.emailSealed,
  createdAt: users.createdAt,
  lastLogin: users.lastLogin,
  tradingPreferences: users.tradingPreferences,
  kycStatus: users.kycStatus,
  riskLevel: users.riskLevel,
  isActive: users.isActive,
};

/** Read behind the change, in its transaction: the row is locked until the commit. */
const versioned = { ...columns, version: sql<string>`(extract(epoch from clock_timestamp()) * 1000000)::bigint` };

const operators = { role: 'app_writer', userId: null } as const;

/** Where a user's e-mail address lies. */
export const emailPlace = (userId: string) => ({ userId, column: 'users.email' });

export function createUserRepository(database: Database, personalData: PersonalData): UserRepository {
  const recordOf = (row: UserRow) => openRecord(personalData, row);
  const changedOf = async ({ version, ...row }: UserRow & { version: string }): Promise<ChangedUser> => ({
    ...(await recordOf(row)),
    version: Number(version),
  });
  return {
    async signIn(wallet, atMs) {
      const id = userIdOf(wallet);
      const at = new Date(atMs).toISOString();
      const [, rows] = await database.transaction({ role: 'app_writer', userId: id }, (orm) => [
        // Names its columns itself: the role may not write the others, and the query builder would list them.
        orm.execute(sql`insert into users (id, wallet_address, created_at, last_login) values (${id}, ${wallet}, ${at}, ${at})
          on conflict (id) do update set last_login = greatest(users.last_login, excluded.last_login)`),
        orm.select(versioned).from(users).where(eq(users.id, id)),
      ]);
      const [row] = rows;
      if (row === undefined) throw new Error('a user that signed in has no row');
      return changedOf(row);
    },

    async get(userId) {
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm.select(columns).from(users).where(eq(users.id, userId)),
      ]);
      return rows[0] === undefined ? null : recordOf(rows[0]);
    },

    async changeProfile(userId, { email, ...same }) {
      const change = { ...same, ...(email === undefined ? {} : await sealedEmail(personalData, userId, email)) };
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => {
        if (Object.keys(change).length === 0)
          return [orm.select(versioned).from(users).where(eq(users.id, userId))] as const;
        return [orm.update(users).set(change).where(eq(users.id, userId)).returning(versioned)] as const;
      });
      return rows[0] === undefined ? null : changedOf(rows[0]);
    },

    async administer(userId, change) {
      const [rows] = await database.transaction({ role: 'app_writer', userId }, (orm) => [
        orm.update(users).set(change).where(eq(users.id, userId)).returning(versioned),
      ]);
      return rows[0] === undefined ? null : changedOf(rows[0]);
    },

    async list(filter) {
      const limit = pageRows(filter);
      const conditions = [
        filter.walletPrefix === undefined
          ? undefined
          : sql`starts_with(${users.walletAddress}, ${filter.walletPrefix})`,
        filter.kycStatus === undefined ? undefined : eq(users.kycStatus, filter.kycStatus),
        filter.isActive === undefined ? undefined : eq(users.isActive, filter.isActive),
        afterTime(users.createdAt, users.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction(operators, (orm) => [
        orm
          .select(columns)
          .from(users)
          .where(and(...conditions))
          .orderBy(desc(users.createdAt), desc(users.id))
          .limit(limit + 1),
      ]);
      return pageOf(await Promise.all(rows.map(recordOf)), limit, (user) => ({
        order: BigInt(user.createdAtMs),
        id: user.id,
      }));
    },
  };
}

type UserRow = Pick<typeof users.$inferSelect, keyof typeof columns>;

/** The columns of an e-mail address; the one in plain text is emptied. */
export type SealedEmail = Record<'email' | 'emailSealed' | 'emailKeyId' | 'emailDigest', string | null>;

/** The columns for an address, or for none. */
export async function sealedEmail(
  personalData: PersonalData,
  userId: string,
  email: string | null,
): Promise<SealedEmail> {
  if (email === null) return { email: null, emailSealed: null, emailKeyId: null, emailDigest: null };
  return {
    email: null,
    emailSealed: await personalData.seal(emailPlace(userId), email),
    emailKeyId: personalData.kid,
    emailDigest: await personalData.digest('users.email', email),
  };
}

async function openRecord(personalData: PersonalData, row: UserRow): Promise<UserRecord> {
  return {
    id: row.id,
    walletAddress: row.walletAddress,
    email: row.emailSealed === null ? row.email : await personalData.open(emailPlace(row.id), row.emailSealed),
    createdAtMs: row.createdAt?.getTime() ?? 0,
    lastLoginMs: row.lastLogin?.getTime() ?? null,
    tradingPreferences: (row.tradingPreferences ?? {}) as Readonly<Record<string, unknown>>,
    kycStatus: (row.kycStatus ?? 'pending') as KycStatus,
    riskLevel: (row.riskLevel ?? 'moderate') as RiskLevel,
    isActive: row.isActive ?? true,
  };
}
