import { and, desc, eq } from 'drizzle-orm';
import type { Price, Quote, Size } from '#shared/money/units.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import type { Database } from '../client.ts';
import { fills } from '../schema/fills.ts';
import type { Receipt } from '../schema/fills.ts';
import { afterSeq } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

/** Why it was executed: an order, the trader's request to close, or because the position could win nothing more. */
export type FillReason = 'order' | 'close_request' | 'capped';

/** An executed trade. */
export interface FillRecord {
  readonly id: string;
  readonly orderId: string | null;
  readonly positionId: string;
  readonly symbol: string;
  readonly side: TradeSide;
  readonly reason: FillReason;
  readonly quantity: Size;
  readonly price: Price;
  readonly fee: Quote;
  readonly impact: Quote;
  /** Before fee, impact, funding and borrow. */
  readonly realizedPnl: Quote;
  /** Owed; negative where received. */
  readonly funding: Quote;
  readonly borrow: Quote;
  /** Of the price it was executed at, seconds. */
  readonly publishTime: number;
  readonly transactionHash: string;
  readonly createdAtMs: number;
  readonly accountSeq: bigint;
}

export interface FillFilter extends PageRequest {
  readonly symbol?: string | undefined;
  readonly orderId?: string | undefined;
  readonly positionId?: string | undefined;
}

export interface FillRepository {
  list(userId: string, filter: FillFilter): Promise<Page<FillRecord>>;
}

export function createFillRepository(database: Database): FillRepository {
  return {
    async list(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(fills.userId, userId),
        filter.symbol === undefined ? undefined : eq(fills.marketSymbol, filter.symbol),
        filter.orderId === undefined ? undefined : eq(fills.orderId, filter.orderId),
        filter.positionId === undefined ? undefined : eq(fills.positionId, filter.positionId),
        afterSeq(fills.accountSeq, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select()
          .from(fills)
          .where(and(...conditions))
          .orderBy(desc(fills.accountSeq))
          .limit(limit + 1),
      ]);
      return pageOf(rows.map(recordOf), limit, (record) => ({ order: record.accountSeq, id: null }));
    },
  };
}

function recordOf(row: typeof fills.$inferSelect): FillRecord {
  const { marketSymbol, side, publishTime, createdAt, receipt, userId: _userId, ...same } = row;
  return {
    ...same,
    symbol: marketSymbol,
    side: side as TradeSide,
    reason: reasonOf(receipt),
    publishTime: Number(publishTime),
    createdAtMs: createdAt.getTime(),
  };
}

/** Only reductions state one; everything else is an order. */
function reasonOf({ data }: Receipt): FillReason {
  const reason = typeof data === 'object' && data !== null && 'reason' in data ? data.reason : 'order';
  return reason === 'close_request' || reason === 'capped' ? reason : 'order';
}
