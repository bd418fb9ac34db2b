import { and, asc, desc, eq, gt, lt, min, sql } from 'drizzle-orm';
import { price, quote, size } from '#shared/money/units.ts';
import type {
  ExitKind,
  OrderAttempt,
  OrderRecord,
  OrderSide,
  OrderStage,
  OrderStatus,
  OrderType,
  TimeInForce,
} from '#shared/order-record.ts';
import type { Database } from '../client.ts';
import { tradingOrders } from '../schema/trading-orders.ts';
import { users } from '../schema/users.ts';
import { afterTime } from './keyset.ts';
import { pageOf, pageRows, placeOf } from './page.ts';
import type { Page, PageRequest } from './page.ts';

export interface OrderFilter extends PageRequest {
  readonly status?: OrderStatus | undefined;
  readonly symbol?: string | undefined;
}

/** Wallets in the order of their names, and where the next slice begins; null at the end. */
export interface WalletSlice {
  readonly wallets: readonly string[];
  readonly next: string | null;
}

/** The orders' read model. The truth about an order is its wallet's AccountObject, which writes here through its outbox. */
export interface OrderRepository {
  /**
   * Writes an order unless a newer version is there, creating its user where the sign-in was not written yet. Changes of margin travel
   * as orders but are none: they are not written.
   */
  upsert(order: OrderRecord): Promise<void>;
  list(userId: string, filter: OrderFilter): Promise<Page<OrderRecord>>;
  get(userId: string, orderId: string): Promise<OrderRecord | null>;
  /** The newest order with that client id. */
  getByClientId(userId: string, clientOrderId: string): Promise<OrderRecord | null>;
  /** Wallets with an unfinished order created before `beforeMs`, after wallet `after`: for the sweep. */
  walletsWithUnfinished(beforeMs: number, after: string | null, limit: number): Promise<WalletSlice>;
}

type OrderRow = typeof tradingOrders.$inferSelect;

export function createOrderRepository(database: Database): OrderRepository {
  const first = async (userId: string, condition: ReturnType<typeof eq>): Promise<OrderRecord | null> => {
    const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
      orm
        .select({ order: tradingOrders, owner: users.walletAddress })
        .from(tradingOrders)
        .innerJoin(users, eq(users.id, tradingOrders.userId))
        .where(and(eq(tradingOrders.userId, userId), condition))
        .orderBy(desc(tradingOrders.createdAt), desc(tradingOrders.id))
        .limit(1),
    ]);
    return rows[0] === undefined ? null : recordOf(rows[0].order, rows[0].owner);
  };

  return {
    upsert: (order) => upsert(database, order),
    get: (userId, orderId) => first(userId, eq(tradingOrders.id, orderId)),
    getByClientId: (userId, clientOrderId) => first(userId, eq(tradingOrders.clientOrderId, clientOrderId)),

    async list(userId, filter) {
      const limit = pageRows(filter);
      const conditions = [
        eq(tradingOrders.userId, userId),
        filter.status === undefined ? undefined : eq(tradingOrders.status, filter.status),
        filter.symbol === undefined ? undefined : eq(tradingOrders.marketSymbol, filter.symbol),
        afterTime(tradingOrders.createdAt, tradingOrders.id, placeOf(filter.cursor)),
      ];
      const [rows] = await database.transaction({ role: 'app_user', userId }, (orm) => [
        orm
          .select({ order: tradingOrders, owner: users.walletAddress })
          .from(tradingOrders)
          .innerJoin(users, eq(users.id, tradingOrders.userId))
          .where(and(...conditions))
          .orderBy(desc(tradingOrders.createdAt), desc(tradingOrders.id))
          .limit(limit + 1),
      ]);
      const records = rows.map(({ order, owner }) => recordOf(order, owner));
      return pageOf(records, limit, (record) => ({ order: BigInt(record.createdAtMs), id: record.orderId }));
    },

    async walletsWithUnfinished(beforeMs, after, limit) {
      const [rows] = await database.transaction({ role: 'projector' }, (orm) => [
        orm
          .select({ wallet: users.walletAddress, oldest: min(tradingOrders.createdAt) })
          .from(tradingOrders)
          .innerJoin(users, eq(users.id, tradingOrders.userId))
          .where(
            and(
              eq(tradingOrders.status, 'pending'),
              lt(tradingOrders.createdAt, new Date(beforeMs)),
              after === null ? undefined : gt(users.walletAddress, after),
            ),
          )
          .groupBy(users.walletAddress)
          .orderBy(asc(users.walletAddress))
          .limit(limit),
      ]);
      const wallets = rows.map((row) => row.wallet);
      return { wallets, next: wallets.length < limit ? null : (wallets.at(-1) ?? null) };
    },
  };
}

async function upsert(database: Database, order: OrderRecord): Promise<void> {
  if (order.intent !== 'trade') return;
  const createdAt = new Date(order.createdAtMs).toISOString();
  const row = rowOf(order);
  const { id: _id, userId: _userId, createdAt: _createdAt, ...changeable } = row;
  const excluded = Object.fromEntries(
    Object.keys(changeable).map((key) => [
      key,
      sql.raw(`excluded.${tradingOrders[key as keyof typeof changeable].name}`),
    ]),
  );
  await database.transaction({ role: 'app_writer', userId: order.userId }, (orm) => [
    orm.execute(sql`insert into users (id, wallet_address, created_at) values (${order.userId}, ${order.owner}, ${createdAt})
      on conflict (id) do nothing`),
    orm
      .insert(tradingOrders)
      .values(row)
      .onConflictDoUpdate({
        target: tradingOrders.id,
        set: {
          ...excluded,
          positionId: sql`coalesce(excluded.position_id, ${tradingOrders.positionId})`,
          cancelledAt: sql`coalesce(${tradingOrders.cancelledAt}, excluded.cancelled_at)`,
        },
        setWhere: sql`${tradingOrders.version} < excluded.version`,
      }),
  ]);
}

function rowOf(order: OrderRecord) {
  const { positionId } = order;
  return {
    id: order.orderId,
    userId: order.userId,
    // The projection of the position may be behind; the projector links the order when it applies the fill.
    positionId: positionId === null ? null : sql`(select id from trading_positions where id = ${positionId}::uuid)`,
    orderType: order.orderType,
    side: order.side,
    marketSymbol: order.symbol,
    quantity: size(order.quantity),
    price: order.price === null ? null : price(order.price),
    stopPrice: order.stopPrice === null ? null : price(order.stopPrice),
    status: order.status,
    filledQuantity: size(order.filledQuantity),
    averageFillPrice: order.averageFillPrice === null ? null : price(order.averageFillPrice),
    createdAt: new Date(order.createdAtMs),
    executedAt: dateOf(order.executedAtMs),
    cancelledAt: order.status === 'cancelled' ? sql`now()` : null,
    transactionHash: order.transactionHash,
    errorMessage: order.error?.message ?? null,
    version: order.version,
    stage: order.stage,
    clientOrderId: order.clientOrderId,
    reduceOnly: order.reduceOnly,
    // Orders that only reduce need none.
    leverage: order.leverageE2 > 0 ? order.leverageE2 : null,
    maxSlippageBps: order.maxSlippageBps,
    timeInForce: order.timeInForce,
    expiresAt: dateOf(order.expiresAtMs),
    fee: quote(order.fee),
    eligibleFrom: BigInt(order.eligibleFrom),
    errorCode: order.error?.code ?? null,
    takeProfit: order.takeProfit === null ? null : price(order.takeProfit),
    stopLoss: order.stopLoss === null ? null : price(order.stopLoss),
    groupId: order.groupId,
    parentOrderId: order.parentOrderId,
    exitKind: order.exitKind,
    analysisId: order.analysisId,
    attempts: order.attempts.map((attempt) => ({ ...attempt, expectedSeq: attempt.expectedSeq.toString() })),
    updatedAt: sql`now()`,
  };
}

function recordOf(row: OrderRow, owner: string): OrderRecord {
  return {
    orderId: row.id,
    userId: row.userId,
    owner,
    version: row.version,
    intent: 'trade',
    symbol: row.marketSymbol,
    side: row.side as OrderSide,
    orderType: row.orderType as OrderType,
    quantity: row.quantity,
    price: row.price,
    stopPrice: row.stopPrice,
    reduceOnly: row.reduceOnly,
    leverageE2: row.leverage ?? 0,
    maxSlippageBps: row.maxSlippageBps ?? 0,
    timeInForce: row.timeInForce as TimeInForce,
    expiresAtMs: row.expiresAt?.getTime() ?? null,
    clientOrderId: row.clientOrderId,
    takeProfit: row.takeProfit,
    stopLoss: row.stopLoss,
    groupId: row.groupId,
    parentOrderId: row.parentOrderId,
    exitKind: row.exitKind as ExitKind | null,
    analysisId: row.analysisId,
    stage: row.stage as OrderStage,
    status: (row.status ?? 'pending') as OrderStatus,
    eligibleFrom: Number(row.eligibleFrom ?? 0n),
    filledQuantity: row.filledQuantity ?? 0n,
    averageFillPrice: row.averageFillPrice,
    fee: row.fee,
    positionId: row.positionId,
    transactionHash: row.transactionHash,
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? '' },
    createdAtMs: row.createdAt?.getTime() ?? 0,
    executedAtMs: row.executedAt?.getTime() ?? null,
    attempts: row.attempts.map((attempt): OrderAttempt => {
      return {
        ...attempt,
        expectedSeq: BigInt(attempt.expectedSeq),
        outcome: attempt.outcome as OrderAttempt['outcome'],
        settledAtMs: attempt.settledAtMs ?? null,
      };
    }),
  };
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
