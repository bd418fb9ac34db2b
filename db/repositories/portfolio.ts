import { and, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import { max } from '#shared/money/divide.ts';
import { quote } from '#shared/money/units.ts';
import type { Quote } from '#shared/money/units.ts';
import { derivedId } from '../../workers/platform/ids.ts';
import type { Database, Orm } from '../client.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { portfolioSnapshots } from '../schema/portfolio-snapshots.ts';
import { users } from '../schema/users.ts';
import { momentOf } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

/** A trader's balances at a moment. */
export interface PortfolioSnapshot {
  readonly totalBalance: Quote;
  readonly availableBalance: Quote;
  readonly marginUsed: Quote;
  readonly unrealizedPnl: Quote;
  readonly realizedPnl: Quote;
  readonly tradingFeesPaid: Quote;
  readonly snapshotTimeMs: number;
}

/** A snapshot with the best result there was up to it: realised + unrealised − fees, at least 0, where every account begins. */
export interface PortfolioPoint extends PortfolioSnapshot {
  readonly peakResult: Quote;
}

/** Sums over everything a user traded. */
export interface PortfolioTotals {
  /** Funding, borrow and price impact included, fees not. */
  readonly realizedPnl: Quote;
  /** Trading and liquidation fees. */
  readonly tradingFeesPaid: Quote;
}

export interface HistoryRequest extends PageRequest {
  /** One snapshot, the last, of each so many seconds. */
  readonly bucketSeconds: number;
}

export interface PortfolioRepository {
  /** Stores snapshots; one that exists for the user and moment stays. At most `snapshotsPerWriteMax`. */
  record(snapshots: readonly (PortfolioSnapshot & { readonly userId: string })[]): Promise<void>;
  /** Newest first. */
  history(userId: string, request: HistoryRequest): Promise<Page<PortfolioPoint>>;
  /** Per user; one who never traded is absent. */
  totals(userIds: readonly string[]): Promise<ReadonlyMap<string, PortfolioTotals>>;
  /** Wallets after `after`, in the order of their names. */
  wallets(after: string | null, limit: number): Promise<readonly { readonly id: string; readonly wallet: string }[]>;
  /** Keeps the last snapshot of each hour before `beforeMs`; answers how many others were deleted, at most `prunedPerCallMax`. */
  thinOut(beforeMs: number): Promise<number>;
}

export const snapshotsPerWriteMax = 500;
export const prunedPerCallMax = 10_000;
/** Thinned hours are not looked at again for longer than this: a sweep that was away for less misses none. */
const thinnedHoursMax = 48;
const projector = { role: 'projector' } as const;

export function createPortfolioRepository(database: Database): PortfolioRepository {
  return {
    async record(snapshots) {
      if (snapshots.length === 0) return;
      if (snapshots.length > snapshotsPerWriteMax)
        throw new RangeError(`more than ${snapshotsPerWriteMax} snapshots at once`);
      const rows = snapshots.map(({ snapshotTimeMs, totalBalance, ...same }) => ({
        ...same,
        id: derivedId('snapshot', same.userId, snapshotTimeMs),
        // The table holds no negative total: a position about to be liquidated may owe more than everything.
        totalBalance: max(totalBalance, quote(0n)),
        snapshotTime: new Date(snapshotTimeMs),
      }));
      await database.transaction(projector, (orm) => [
        orm.insert(portfolioSnapshots).values(rows).onConflictDoNothing(),
      ]);
    },

    async history(userId, request) {
      const limit = pageRows(request);
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        historyStatement(orm, userId, request, limit + 1),
      ]);
      const bucketMs = request.bucketSeconds * 1_000;
      return pageOf(rows.map(pointOf), limit, ({ snapshotTimeMs }) => ({
        order: BigInt(Math.floor(snapshotTimeMs / bucketMs) * bucketMs),
        id: null,
      }));
    },

    async totals(userIds) {
      if (userIds.length === 0) return new Map();
      const results = await database.snapshot(projector, (orm) => totalsStatements(orm, [...userIds]));
      const totals = new Map<string, PortfolioTotals>();
      for (const { userId, pnl, fees } of results.flat()) {
        const before = totals.get(userId);
        totals.set(userId, {
          realizedPnl: quote((before?.realizedPnl ?? 0n) + pnl),
          tradingFeesPaid: quote((before?.tradingFeesPaid ?? 0n) + fees),
        });
      }
      return totals;
    },

    async wallets(after, limit) {
      const [rows] = await database.transaction(projector, (orm) => [
        orm
          .select({ id: users.id, wallet: users.walletAddress })
          .from(users)
          .where(after === null ? undefined : gt(users.walletAddress, after))
          .orderBy(users.walletAddress)
          .limit(limit),
      ]);
      return rows;
    },

    async thinOut(beforeMs) {
      const before = new Date(beforeMs).toISOString();
      const [{ rows }] = await database.transaction(projector, (orm) => [
        orm.execute(sql`delete from portfolio_snapshots where id in (
          select early.id from portfolio_snapshots early
          where early.snapshot_time < ${before}::timestamptz
            and early.snapshot_time >= ${before}::timestamptz - ${sql.raw(`interval '${thinnedHoursMax} hours'`)}
            and exists (
              select 1 from portfolio_snapshots late
              where late.user_id = early.user_id and late.snapshot_time > early.snapshot_time
                and late.snapshot_time < date_trunc('hour', early.snapshot_time, 'UTC') + interval '1 hour'
            )
          limit ${prunedPerCallMax}) returning 1`),
      ]);
      return rows.length;
    },
  };
}

function historyStatement(orm: Orm, userId: string, { bucketSeconds, cursor }: HistoryRequest, limit: number) {
  if (!Number.isSafeInteger(bucketSeconds) || bucketSeconds <= 0)
    throw new RangeError('an interval is a whole number of seconds');
  const { totalBalance, availableBalance, marginUsed, unrealizedPnl, realizedPnl, tradingFeesPaid, snapshotTime } =
    portfolioSnapshots;
  const result = sql`${realizedPnl} + ${unrealizedPnl} - ${tradingFeesPaid}`;
  const peak = sql<Quote>`greatest(0, max(${result}) over (order by ${snapshotTime}))::numeric(20,8)`;
  const marked = orm
    .select({
      ...{ totalBalance, availableBalance, marginUsed, unrealizedPnl, realizedPnl, tradingFeesPaid, snapshotTime },
      peakResult: peak.mapWith(realizedPnl).as('peak_result'),
    })
    .from(portfolioSnapshots)
    .where(eq(portfolioSnapshots.userId, userId))
    .as('marked');
  // Written into the text: DISTINCT ON and ORDER BY must be the same expression, and two parameters never are.
  const interval = sql.raw(`interval '${bucketSeconds} seconds'`);
  const bucket = sql`date_bin(${interval}, ${marked.snapshotTime}, timestamptz 'epoch')`;
  const place = placeOf(cursor);
  return orm
    .selectDistinctOn([bucket])
    .from(marked)
    .where(place === null ? undefined : lt(marked.snapshotTime, momentOf(place)))
    .orderBy(desc(bucket), desc(marked.snapshotTime))
    .limit(limit);
}

function totalsStatements(orm: Orm, userIds: string[]) {
  const sum = (expression: ReturnType<typeof sql>) =>
    sql<Quote>`coalesce(sum(${expression}), 0)::numeric(20,8)`.mapWith(fills.realizedPnl);
  return [
    orm
      .select({
        userId: fills.userId,
        pnl: sum(sql`${fills.realizedPnl} - ${fills.funding} - ${fills.borrow} - ${fills.impact}`),
        fees: sum(sql`${fills.fee}`),
      })
      .from(fills)
      .where(inArray(fills.userId, userIds))
      .groupBy(fills.userId),
    orm
      .select({
        userId: liquidations.userId,
        pnl: sum(
          sql`${liquidations.realizedPnl} - ${liquidations.funding} - ${liquidations.borrow} + ${liquidations.badDebt}`,
        ),
        fees: sum(sql`${liquidations.liquidationFee}`),
      })
      .from(liquidations)
      .where(inArray(liquidations.userId, userIds))
      .groupBy(liquidations.userId),
    orm
      .select({
        userId: fundingPayments.userId,
        pnl: sum(sql`-${fundingPayments.funding} - ${fundingPayments.borrow}`),
        fees: sum(sql`0`),
      })
      .from(fundingPayments)
      .where(and(inArray(fundingPayments.userId, userIds), ownFundingRow(orm)))
      .groupBy(fundingPayments.userId),
  ] as const;
}

/** Funding that no fill and no liquidation states in its own row: of settlements and changes of margin. */
export const ownFundingRow = (orm: Orm) => {
  const { userId, accountSeq } = fundingPayments;
  const stated = (table: typeof fills | typeof liquidations) =>
    sql`exists (${orm
      .select({ one: sql`1` })
      .from(table)
      .where(and(eq(table.userId, userId), eq(table.accountSeq, accountSeq)))})`;
  return sql`(${isNull(accountSeq)} or not (${stated(fills)} or ${stated(liquidations)}))`;
};

type PointRow = Pick<
  typeof portfolioSnapshots.$inferSelect,
  | 'totalBalance'
  | 'availableBalance'
  | 'marginUsed'
  | 'unrealizedPnl'
  | 'realizedPnl'
  | 'tradingFeesPaid'
  | 'snapshotTime'
> & { readonly peakResult: Quote };

function pointOf({ snapshotTime, ...row }: PointRow): PortfolioPoint {
  return {
    ...row,
    unrealizedPnl: row.unrealizedPnl ?? quote(0n),
    realizedPnl: row.realizedPnl ?? quote(0n),
    tradingFeesPaid: row.tradingFeesPaid ?? quote(0n),
    snapshotTimeMs: snapshotTime.getTime(),
  };
}
