import { eq, sql } from 'drizzle-orm';
import { userIdOf } from '../../workers/platform/ids.ts';
import type { Database } from '../client.ts';
import { users } from '../schema/users.ts';

export type KycStatus = 'pending' | 'verified' | 'rejected';
export type RiskLevel = 'conservative' | 'moderate' | 'aggressive';

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

export interface ProfileChange {
  readonly email?: string | null;
  readonly tradingPreferences?: Readonly<Record<string, unknown>>;
  readonly riskLevel?: RiskLevel;
}

export interface UserRepository {
  /** Notes a sign-in, creating the user on the first one. */
  signIn(wallet: string, atMs: number): Promise<UserRecord>;
  get(userId: string): Promise<UserRecord | null>;
  /** Changes the user's own profile. Null when there is no such user. @throws ConstraintViolation `users_email_key`. */
  changeProfile(userId: string, change: ProfileChange): Promise<UserRecord | null>;
}

const columns = {
  id: users.id,
  walletAddress: users.walletAddress,
  email: users.email,
  createdAt: users.createdAt,
  lastLogin: users.lastLogin,
  tradingPreferences: users.tradingPreferences,
  kycStatus: users.kycStatus,
  riskLevel: users.riskLevel,
  isActive: users.isActive,
};

export function createUserRepository(database: Database): UserRepository {
  return {
    async signIn(wallet, atMs) {
      const id = userIdOf(wallet);
      const at = new Date(atMs).toISOString();
      const [, rows] = await database.transaction({ role: 'app_writer', userId: id }, (orm) => [
        // Names its columns itself: the role may not write the others, and the query builder would list them.
        orm.execute(sql`insert into users (id, wallet_address, created_at, last_login) values (${id}, ${wallet}, ${at}, ${at})
          on conflict (id) do update set last_login = greatest(users.last_login, excluded.last_login)`),
        orm.select(columns).from(users).where(eq(users.id, id)),
      ]);
      const [row] = rows;
      if (row === undefined) throw new Error('a user that signed in has no row');
      return recordOf(row);
    },

    async get(userId) {
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm.select(columns).from(users).where(eq(users.id, userId)),
      ]);
      return rows[0] === undefined ? null : recordOf(rows[0]);
    },

    async changeProfile(userId, change) {
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => {
        if (Object.keys(change).length === 0)
          return [orm.select(columns).from(users).where(eq(users.id, userId))] as const;
        return [orm.update(users).set(change).where(eq(users.id, userId)).returning(columns)] as const;
      });
      return rows[0] === undefined ? null : recordOf(rows[0]);
    },
  };
}

type UserRow = Pick<typeof users.$inferSelect, keyof typeof columns>;

function recordOf(row: UserRow): UserRecord {
  return {
    id: row.id,
    walletAddress: row.walletAddress,
    email: row.email,
    createdAtMs: row.createdAt?.getTime() ?? 0,
    lastLoginMs: row.lastLogin?.getTime() ?? null,
    tradingPreferences: (row.tradingPreferences ?? {}) as Readonly<Record<string, unknown>>,
    kycStatus: (row.kycStatus ?? 'pending') as KycStatus,
    riskLevel: (row.riskLevel ?? 'moderate') as RiskLevel,
    isActive: row.isActive ?? true,
  };
}
