import { and, asc, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import { max } from '#shared/money/divide.ts';
import { quote } from '#shared/money/units.ts';
import type { Quote } from '#shared/money/units.ts';
import { derivedId } from '../../workers/platform/ids.ts';
import type { Database } from '../client.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { portfolioSnapshots } from '../schema/portfolio-snapshots.ts';

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

/** Sums over everything a user traded. */
export interface PortfolioTotals {
  /** Funding and borrow included, fees and impact not. */
  readonly realizedPnl: Quote;
  /** Trading and liquidation fees. */
  readonly tradingFeesPaid: Quote;
}

export interface HistoryRange {
  readonly fromMs: number;
  readonly toMs: number;
  /** One snapshot, the last, of each so many seconds. */
  readonly bucketSeconds: number;
}

export interface PortfolioRepository {
  /** Stores snapshots; one that exists for the user and moment stays. At most `snapshotsPerWriteMax`. */
  record(snapshots: readonly (PortfolioSnapshot & { readonly userId: string })[]): Promise<void>;
  /** Oldest first, at most `historyRowsMax`. */
  history(userId: string, range: HistoryRange): Promise<readonly PortfolioSnapshot[]>;
  totals(userId: string): Promise<PortfolioTotals>;
}

export const snapshotsPerWriteMax = 500;
export const historyRowsMax = 1_000;

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
      await database.transaction({ role: 'projector' }, (orm) => [
        orm.insert(portfolioSnapshots).values(rows).onConflictDoNothing(),
      ]);
    },

    async history(userId, { fromMs, toMs, bucketSeconds }) {
      const time = portfolioSnapshots.snapshotTime;
      if (!Number.isSafeInteger(bucketSeconds) || bucketSeconds <= 0)
        throw new RangeError('an interval is a whole number of seconds');
      // Written into the text: DISTINCT ON and ORDER BY must be the same expression, and two parameters never are.
      const bucket = sql`date_bin(${sql.raw(`interval '${bucketSeconds} seconds'`)}, ${time}, timestamptz 'epoch')`;
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .selectDistinctOn([bucket])
          .from(portfolioSnapshots)
          .where(and(eq(portfolioSnapshots.userId, userId), gte(time, new Date(fromMs)), lt(time, new Date(toMs))))
          .orderBy(asc(bucket), sql`${time} desc`)
          .limit(historyRowsMax),
      ]);
      return rows.map(snapshotOf);
    },

    async totals(userId) {
      const sum = (expression: ReturnType<typeof sql>) =>
        sql<string>`coalesce(sum(${expression}), 0)::numeric(20,8)`.mapWith(fills.realizedPnl);
      const [trades, ended, settled] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select({
            pnl: sum(sql`${fills.realizedPnl} - ${fills.funding} - ${fills.borrow}`),
            fees: sum(sql`${fills.fee}`),
          })
          .from(fills)
          .where(eq(fills.userId, userId)),
        orm
          .select({
            pnl: sum(sql`${liquidations.realizedPnl} - ${liquidations.funding} - ${liquidations.borrow}`),
            fees: sum(sql`${liquidations.liquidationFee}`),
          })
          .from(liquidations)
          .where(eq(liquidations.userId, userId)),
        // Those of trades and liquidations are in their own rows.
        orm
          .select({ pnl: sum(sql`-${fundingPayments.funding} - ${fundingPayments.borrow}`) })
          .from(fundingPayments)
          .where(and(eq(fundingPayments.userId, userId), isNull(fundingPayments.accountSeq))),
      ]);
      const total = (key: 'pnl' | 'fees'): Quote => quote((trades[0]?.[key] ?? 0n) + (ended[0]?.[key] ?? 0n));
      return { realizedPnl: quote(total('pnl') + (settled[0]?.pnl ?? 0n)), tradingFeesPaid: total('fees') };
    },
  };
}

function snapshotOf(row: typeof portfolioSnapshots.$inferSelect): PortfolioSnapshot {
  return {
    totalBalance: row.totalBalance,
    availableBalance: row.availableBalance,
    marginUsed: row.marginUsed,
    unrealizedPnl: row.unrealizedPnl ?? quote(0n),
    realizedPnl: row.realizedPnl ?? quote(0n),
    tradingFeesPaid: row.tradingFeesPaid ?? quote(0n),
    snapshotTimeMs: row.snapshotTime.getTime(),
  };
}
