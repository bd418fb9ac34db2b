import { and, desc, eq } from 'drizzle-orm';
import { quote } from '#shared/money/units.ts';
import type { Price, Quote, Size } from '#shared/money/units.ts';
import type { Side } from '#shared/perps/types.ts';
import type { Database } from '../client.ts';
import { positionHistory } from '../schema/position-history.ts';
import { tradingPositions } from '../schema/trading-positions.ts';
import { afterSeq, afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { positionCostsStatement, type PositionCosts } from './position-costs.ts';

/** A position as of its last event. A closed one keeps the size it had before it closed. */
export interface PositionRecord {
  readonly id: string;
  readonly symbol: string;
  readonly side: Side;
  readonly size: Size;
  readonly entryPrice: Price;
  /** Price of the last event: the live one is MarketObject's. */
  readonly currentPrice: Price;
  /** At `currentPrice`; 0 when closed. */
  readonly unrealizedPnl: Quote;
  readonly marginUsed: Quote;
  /** Hundredths: entry notional over margin. */
  readonly leverageE2: number;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | null;
  readonly isActive: boolean;
  readonly openedSeq: bigint;
}

export type PositionAction = 'opened' | 'updated' | 'closed' | 'liquidated';

export interface PositionHistoryRecord {
  readonly id: string;
  readonly action: PositionAction;
  readonly sizeChange: Size;
  /** Change of the average entry price. */
  readonly priceChange: Price;
  /** Realised profit and loss, funding and borrow included, fee and impact not. */
  readonly pnlChange: Quote;
  readonly marginChange: Quote;
  readonly createdAtMs: number;
  readonly transactionHash: string | null;
  readonly positionSeq: bigint;
}

export interface PositionFilter extends PageRequest {
  readonly isActive?: boolean | undefined;
  readonly symbol?: string | undefined;
}

export interface PositionRepository {
  list(userId: string, filter: PositionFilter): Promise<Page<PositionRecord>>;
  get(userId: string, positionId: string): Promise<PositionRecord | null>;
  /** What changed a position, newest first; empty where it is not the user's. */
  history(userId: string, positionId: string, page: PageRequest): Promise<Page<PositionHistoryRecord>>;
  /** What the open positions paid since they were opened. */
  costs(userId: string): Promise<readonly PositionCosts[]>;
}

export function createPositionRepository(database: Database): PositionRepository {
  return {
    async list(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(tradingPositions.userId, userId),
        filter.isActive === undefined ? undefined : eq(tradingPositions.isActive, filter.isActive),
        filter.symbol === undefined ? undefined : eq(tradingPositions.marketSymbol, filter.symbol),
        afterTime(tradingPositions.createdAt, tradingPositions.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(tradingPositions)
          .where(and(...conditions))
          .orderBy(desc(tradingPositions.createdAt), desc(tradingPositions.id))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(recordOf), limit, (record) => ({ order: BigInt(record.openedAtMs), id: record.id }));
    },

    async get(userId, positionId) {
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(tradingPositions)
          .where(and(eq(tradingPositions.userId, userId), eq(tradingPositions.id, positionId))),
      ]);
      return rows[0] === undefined ? null : recordOf(rows[0]);
    },

    async costs(userId) {
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        positionCostsStatement(orm, userId),
      ]);
      return rows;
    },

    async history(userId, positionId, page) {
      const limit = pageRows(page);
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(positionHistory)
          .where(
            and(
              eq(positionHistory.positionId, positionId),
              afterSeq(positionHistory.positionSeq, placeOf(page.cursor)),
            ),
          )
          .orderBy(desc(positionHistory.positionSeq))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(historyOf), limit, (record) => ({ order: record.positionSeq, id: null }));
    },
  };
}

function recordOf(row: typeof tradingPositions.$inferSelect): PositionRecord {
  const isActive = row.isActive ?? false;
  return {
    id: row.id,
    symbol: row.marketSymbol,
    side: row.side as Side,
    size: row.size,
    entryPrice: row.entryPrice,
    currentPrice: row.currentPrice,
    unrealizedPnl: isActive ? (row.unrealizedPnl ?? quote(0n)) : quote(0n),
    marginUsed: row.marginUsed,
    leverageE2: row.leverage,
    openedAtMs: row.createdAt?.getTime() ?? 0,
    updatedAtMs: row.updatedAt?.getTime() ?? 0,
    closedAtMs: row.closedAt?.getTime() ?? null,
    isActive,
    openedSeq: row.openedSeq,
  };
}

function historyOf(row: typeof positionHistory.$inferSelect): PositionHistoryRecord {
  return {
    id: row.id,
    action: row.action as PositionAction,
    sizeChange: row.sizeChange ?? (0n as Size),
    priceChange: row.priceChange ?? (0n as Price),
    pnlChange: row.pnlChange ?? (0n as Quote),
    marginChange: row.marginChange ?? (0n as Quote),
    createdAtMs: row.createdAt?.getTime() ?? 0,
    transactionHash: row.transactionHash,
    positionSeq: row.positionSeq ?? 0n,
  };
}
