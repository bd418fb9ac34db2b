import { and, eq, isNull, sql } from 'drizzle-orm';
import { userIdOf } from '../../workers/platform/ids.ts';
import type { Orm, Query } from '../client.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { positionHistory } from '../schema/position-history.ts';
import { projectedEvents } from '../schema/projection.ts';
import { tradingOrders } from '../schema/trading-orders.ts';
import { tradingPositions } from '../schema/trading-positions.ts';
import { transfers } from '../schema/transfers.ts';
import { placesOf } from './plan.ts';
import type { ApplyPlan } from './plan.ts';
import { plainJson } from './rows.ts';
import type { PositionChange, ProjectedRows, WithdrawalChange } from './rows.ts';

/** The statements of one transaction that applies a plan: the streams first, so that a slower twin fails before it writes. */
export function applyStatements(orm: Orm, plan: ApplyPlan, rows: ProjectedRows): readonly Query[] {
  const statements: Query[] = [advanceStreams(orm, plan), recordEvents(orm, plan)];
  if (rows.owners.size > 0) statements.push(insertUsers(orm, rows.owners));
  for (const change of rows.positions.values()) statements.push(writePosition(orm, change));
  if (rows.history.length > 0) statements.push(orm.insert(positionHistory).values(rows.history));
  if (rows.fills.length > 0) statements.push(orm.insert(fills).values(rows.fills));
  if (rows.liquidations.length > 0) statements.push(orm.insert(liquidations).values(rows.liquidations));
  if (rows.fundingPayments.length > 0) statements.push(orm.insert(fundingPayments).values(rows.fundingPayments));
  if (rows.transfers.length > 0) statements.push(orm.insert(transfers).values(rows.transfers));
  for (const change of rows.withdrawals) statements.push(writeWithdrawal(orm, change));
  return [...statements, ...linkOrders(orm, rows)];
}

function writeWithdrawal(orm: Orm, { id, status, left }: WithdrawalChange): Query {
  const paid =
    left === null ? {} : { paid: sql`${transfers.amount} - ${sql.param(left, transfers.amount)}::numeric(20,8)` };
  return orm
    .update(transfers)
    .set({ status, ...paid })
    .where(eq(transfers.id, id));
}

function advanceStreams(orm: Orm, { advances }: ApplyPlan): Query {
  const moves = advances.map(({ stream, from, to }) => ({ stream, from: from.toString(), to: to.toString() }));
  return orm.execute(sql`select advance_projection_streams(${JSON.stringify(moves)}::jsonb)`);
}

/** Without ON CONFLICT: an event that another writer recorded meanwhile ends this transaction. */
function recordEvents(orm: Orm, { accepted }: ApplyPlan): Query {
  return orm.insert(projectedEvents).values(
    accepted.map((event) => ({
      signature: event.signature,
      indexInTransaction: event.indexInTransaction,
      name: event.name,
      slot: event.slot,
      blockTime: new Date(event.blockTimeMs),
      streams: Object.fromEntries(placesOf(event).map(({ stream, seq }) => [stream, seq.toString()])),
      data: plainJson(event.data),
    })),
  );
}

/** Names its columns itself: the role may not write the others. */
function insertUsers(orm: Orm, owners: ReadonlyMap<string, Date>): Query {
  const values = [...owners].map(
    ([wallet, seenAt]) => sql`(${userIdOf(wallet)}::uuid, ${wallet}, ${seenAt.toISOString()}::timestamptz)`,
  );
  return orm.execute(
    sql`insert into users (id, wallet_address, created_at) values ${sql.join(values, sql`, `)} on conflict (id) do nothing`,
  );
}

function writePosition(orm: Orm, { id, opening, state }: PositionChange): Query {
  const { currentPrice, ...rest } = state;
  if (opening === null) {
    // The table's trigger computes unrealized_pnl.
    return orm
      .update(tradingPositions)
      .set(currentPrice === null ? rest : { ...rest, currentPrice })
      .where(eq(tradingPositions.id, id));
  }
  if (currentPrice === null) throw new RangeError(`position ${id} was opened without a price`);
  const computed = sql`calculate_unrealized_pnl(${amount(state.size, tradingPositions.size)}, ${amount(rest.entryPrice, tradingPositions.entryPrice)},
    ${amount(currentPrice, tradingPositions.currentPrice)}, ${opening.side})`;
  return orm.insert(tradingPositions).values({ id, ...opening, ...rest, currentPrice, unrealizedPnl: computed });
}

/** A value as its column writes it, typed: a function's argument has no column to say so. */
const amount = (
  value: bigint,
  column: typeof tradingPositions.size | typeof tradingPositions.entryPrice | typeof tradingPositions.currentPrice,
) => sql`${sql.param(value, column)}::numeric(20,8)`;

/** Orders know their position once its row is there: the one their last fill left, where it closed one and opened another. */
function linkOrders(orm: Orm, rows: ProjectedRows): Query[] {
  const last = new Map(rows.fills.map((fill) => [fill.orderId ?? null, fill]));
  return [...last].flatMap(([orderId, { positionId, userId }]) => {
    if (orderId === null) return [];
    const unlinked = and(
      eq(tradingOrders.id, orderId),
      eq(tradingOrders.userId, userId),
      isNull(tradingOrders.positionId),
    );
    return [orm.update(tradingOrders).set({ positionId }).where(unlinked)];
  });
}
