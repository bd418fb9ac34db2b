import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Quote } from '#shared/money/units.ts';
import type { Orm } from '../client.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { tradingPositions } from '../schema/trading-positions.ts';

/** What a position paid from its opening on: everything that a trade, a liquidation or a settlement realised. */
export interface PositionCosts {
  readonly positionId: string;
  readonly symbol: string;
  /** To the other side; negative where received. */
  readonly fundingPaid: Quote;
  /** To the pool. */
  readonly borrowPaid: Quote;
  /** Of its trades, and of liquidations of a part. */
  readonly feesPaid: Quote;
  readonly impactPaid: Quote;
}

/** Open positions of a user at once: one per market, with room for markets to come. */
const positionsMax = 100;

/** The costs of a user's open positions. Each is one row per opening, so that a flip begins anew. */
export function positionCostsStatement(orm: Orm, userId: string) {
  const sumOf = (table: PgTable, positionId: PgColumn, column: SQL | PgColumn) =>
    sql<Quote>`(${orm
      .select({ sum: sql`coalesce(sum(${column}), 0)::numeric(20,8)` })
      .from(table)
      .where(eq(positionId, tradingPositions.id))})`;
  const fee = sumOf(fills, fills.positionId, fills.fee);
  const liquidationFee = sumOf(liquidations, liquidations.positionId, liquidations.liquidationFee);
  const funding = sumOf(fundingPayments, fundingPayments.positionId, fundingPayments.funding);
  const borrow = sumOf(fundingPayments, fundingPayments.positionId, fundingPayments.borrow);
  return orm
    .select({
      positionId: tradingPositions.id,
      symbol: tradingPositions.marketSymbol,
      fundingPaid: funding.mapWith(fundingPayments.funding),
      borrowPaid: borrow.mapWith(fundingPayments.borrow),
      feesPaid: sql<Quote>`${fee} + ${liquidationFee}`.mapWith(fills.fee),
      impactPaid: sumOf(fills, fills.positionId, fills.impact).mapWith(fills.impact),
    })
    .from(tradingPositions)
    .where(and(eq(tradingPositions.userId, userId), eq(tradingPositions.isActive, true)))
    .orderBy(tradingPositions.marketSymbol)
    .limit(positionsMax);
}
