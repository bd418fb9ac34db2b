import { desc, lt, sql } from 'drizzle-orm';
import type { Price, Quote } from '#shared/money/units.ts';
import type { Database } from '../client.ts';
import { poolSnapshots } from '../schema/pool-snapshots.ts';
import { momentOf } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page } from './page.ts';
import type { HistoryRequest } from './portfolio.ts';

/** The pool at a moment, as who redeems would find it. */
export interface PoolSnapshot {
  /** USDC per share. */
  readonly sharePrice: Price;
  readonly totalShares: Quote;
  readonly equity: Quote;
  readonly snapshotTimeMs: number;
}

export interface PoolRepository {
  /** Stores a snapshot; the first of its moment stays. */
  record(snapshot: PoolSnapshot): Promise<void>;
  /** The last of each interval, newest first. */
  history(request: HistoryRequest): Promise<Page<PoolSnapshot>>;
  /** Keeps the last snapshot of each hour before `beforeMs`; answers how many others were deleted, at most `prunedPerCallMax`. */
  thinOut(beforeMs: number): Promise<number>;
}

export const prunedPerCallMax = 1_000;

/** What the pool is worth is public. */
const publicScope = { role: 'app_user', userId: null } as const;

export function createPoolRepository(database: Database): PoolRepository {
  return {
    async record({ snapshotTimeMs, ...figures }) {
      const row = { ...figures, snapshotTime: new Date(snapshotTimeMs) };
      await database.transaction({ role: 'projector' }, (orm) => [
        orm.insert(poolSnapshots).values(row).onConflictDoNothing(),
      ]);
    },

    async thinOut(beforeMs) {
      const before = new Date(beforeMs).toISOString();
      const [{ rows }] = await database.transaction({ role: 'projector' }, (orm) => [
        orm.execute(sql`delete from pool_snapshots where snapshot_time in (
          select early.snapshot_time from pool_snapshots early
          where early.snapshot_time < ${before}::timestamptz
            and exists (
              select 1 from pool_snapshots late
              where late.snapshot_time > early.snapshot_time
                and late.snapshot_time < date_trunc('hour', early.snapshot_time, 'UTC') + interval '1 hour'
            )
          order by early.snapshot_time desc
          limit ${prunedPerCallMax}) returning 1`),
      ]);
      return rows.length;
    },

    async history({ bucketSeconds, cursor, limit: asked }) {
      if (!Number.isSafeInteger(bucketSeconds) || bucketSeconds <= 0)
        throw new RangeError('an interval is a whole number of seconds');
      const limit = pageRows({ limit: asked });
      const { snapshotTime } = poolSnapshots;
      // Written into the text: DISTINCT ON and ORDER BY must be the same expression, and two parameters never are.
      const interval = sql.raw(`interval '${bucketSeconds} seconds'`);
      const bucket = sql`date_bin(${interval}, ${snapshotTime}, timestamptz 'epoch')`;
      const place = placeOf(cursor);
      const [rows] = await database.transaction(publicScope, (orm) => [
        orm
          .selectDistinctOn([bucket])
          .from(poolSnapshots)
          .where(place === null ? undefined : lt(snapshotTime, momentOf(place)))
          .orderBy(desc(bucket), desc(snapshotTime))
          .limit(limit + 1),
      ]);
      const bucketMs = bucketSeconds * 1_000;
      return pageOf(rows.map(pointOf), limit, ({ snapshotTimeMs }) => ({
        order: BigInt(Math.floor(snapshotTimeMs / bucketMs) * bucketMs),
        id: null,
      }));
    },
  };
}

const pointOf = ({ snapshotTime, ...figures }: typeof poolSnapshots.$inferSelect): PoolSnapshot => ({
  ...figures,
  snapshotTimeMs: snapshotTime.getTime(),
});
