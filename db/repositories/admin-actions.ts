import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../client.ts';
import { adminActions } from '../schema/admin-actions.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

/** What an administrator did. */
export interface AdminAction {
  readonly id: string;
  readonly adminWallet: string;
  /** At most 40 characters, as `users.change`. */
  readonly action: string;
  /** A wallet, a market, the id of a row. */
  readonly target: string;
  /** JSON: integers as decimal text. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly createdAtMs: number;
}

export interface AdminActionFilter extends PageRequest {
  readonly adminWallet?: string | undefined;
  readonly target?: string | undefined;
}

export interface AdminActionRepository {
  /** Keeps an action for good; the same id again changes nothing. */
  create(action: AdminAction): Promise<void>;
  list(filter: AdminActionFilter): Promise<Page<AdminAction>>;
  /** Deletes what is older than two years, as the database counts them, at most 1,000 rows; answers how many. */
  prune(): Promise<number>;
}

const pruneRowsMax = 1_000;
/** Not bound to a user: these rows are the operators'. */
const scope = { role: 'app_writer', userId: null } as const;

export function createAdminActionRepository(database: Database): AdminActionRepository {
  return {
    async create({ createdAtMs, ...same }) {
      const row = { ...same, createdAt: new Date(createdAtMs) };
      await database.transaction(scope, (orm) => [orm.insert(adminActions).values(row).onConflictDoNothing()]);
    },

    async list(filter) {
      const limit = pageRows(filter);
      const conditions = [
        filter.adminWallet === undefined ? undefined : eq(adminActions.adminWallet, filter.adminWallet),
        filter.target === undefined ? undefined : eq(adminActions.target, filter.target),
        afterTime(adminActions.createdAt, adminActions.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction(scope, (orm) => [
        orm
          .select()
          .from(adminActions)
          .where(and(...conditions))
          .orderBy(desc(adminActions.createdAt), desc(adminActions.id))
          .limit(limit + 1),
      ]);
      const actions = rows.map(({ createdAt, ...same }): AdminAction => ({
        ...same,
        createdAtMs: createdAt.getTime(),
      }));
      return pageOf(actions, limit, (action) => ({ order: BigInt(action.createdAtMs), id: action.id }));
    },

    async prune() {
      const [result] = await database.transaction({ role: 'projector' }, (orm) => [
        orm
          .select({ deleted: sql<number>`prune_admin_actions(${pruneRowsMax})`.mapWith(Number) })
          .from(sql`(values (1)) as once`),
      ]);
      return result[0]?.deleted ?? 0;
    },
  };
}
