import { and, desc, eq } from 'drizzle-orm';
import type { Price, Quote, Size } from '#shared/money/units.ts';
import type { Side } from '#shared/perps/types.ts';
import type { Database } from '../client.ts';
import { liquidations } from '../schema/liquidations.ts';
import { afterSeq } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

/** A liquidation of one of the user's positions. */
export interface LiquidationRecord {
  readonly id: string;
  readonly positionId: string;
  readonly symbol: string;
  /** Side of the position. */
  readonly side: Side;
  readonly quantity: Size;
  readonly price: Price;
  /** False where a part of the position remained. */
  readonly isFull: boolean;
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  readonly liquidationFee: Quote;
  readonly keeperReward: Quote;
  /** What was left for the trader. */
  readonly marginReleased: Quote;
  readonly badDebt: Quote;
  readonly liquidator: string | null;
  readonly publishTime: number;
  readonly transactionHash: string;
  readonly createdAtMs: number;
  readonly accountSeq: bigint;
}

export interface LiquidationFilter extends PageRequest {
  readonly symbol?: string | undefined;
}

export interface LiquidationRepository {
  list(userId: string, filter: LiquidationFilter): Promise<Page<LiquidationRecord>>;
}

export function createLiquidationRepository(database: Database): LiquidationRepository {
  return {
    async list(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(liquidations.userId, userId),
        filter.symbol === undefined ? undefined : eq(liquidations.marketSymbol, filter.symbol),
        afterSeq(liquidations.accountSeq, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(liquidations)
          .where(and(...conditions))
          .orderBy(desc(liquidations.accountSeq))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(recordOf), limit, (record) => ({ order: record.accountSeq, id: null }));
    },
  };
}

function recordOf(row: typeof liquidations.$inferSelect): LiquidationRecord {
  const { marketSymbol, side, publishTime, createdAt, receipt: _receipt, userId: _userId, ...same } = row;
  return {
    ...same,
    symbol: marketSymbol,
    side: side as Side,
    publishTime: Number(publishTime),
    createdAtMs: createdAt.getTime(),
  };
}
