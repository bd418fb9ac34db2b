import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  text,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { leverageColumn, moment, priceColumn, quoteColumn, sequenceColumn, sizeColumn } from './columns.ts';
import { isProjector, projector } from './roles.ts';
import { tradingPositions } from './trading-positions.ts';
import { users } from './users.ts';

/** One attempt as JSON keeps it: like OrderAttempt, with `expectedSeq` as decimal text. */
export interface StoredAttempt {
  readonly signature: string;
  readonly expectedSeq: string;
  readonly signedAtMs: number;
  readonly lastValidBlockHeight: number;
  readonly outcome: string;
  readonly reason: string | null;
  /** Absent in rows written before it was kept. */
  readonly settledAtMs?: number | null;
}

/** Orders, written by the wallet's AccountObject through its outbox; `version` keeps late writes from undoing newer ones. */
export const tradingOrders = pgTable(
  'trading_orders',
  {
    id: uuid('id')
      .primaryKey()
      .default(sql`uuid_generate_v4()`),
    userId: uuid('user_id').notNull(),
    positionId: uuid('position_id'),
    orderType: varchar('order_type', { length: 20 }).notNull(),
    side: varchar('side', { length: 10 }).notNull(),
    marketSymbol: varchar('market_symbol', { length: 20 }).notNull(),
    quantity: sizeColumn('quantity').notNull(),
    price: priceColumn('price'),
    stopPrice: priceColumn('stop_price'),
    status: varchar('status', { length: 20 }).default('pending'),
    filledQuantity: sizeColumn('filled_quantity').default(sql`0`),
    averageFillPrice: priceColumn('average_fill_price'),
    createdAt: moment('created_at').defaultNow(),
    executedAt: moment('executed_at'),
    cancelledAt: moment('cancelled_at'),
    transactionHash: varchar('transaction_hash', { length: 88 }),
    errorMessage: text('error_message'),
    /** Grows with every change AccountObject makes; a lower one never overwrites a higher one. */
    version: integer('version').notNull().default(0),
    stage: varchar('stage', { length: 20 }).notNull().default('accepted'),
    clientOrderId: varchar('client_order_id', { length: 128 }),
    reduceOnly: boolean('reduce_only').notNull().default(false),
    leverage: leverageColumn('leverage'),
    maxSlippageBps: integer('max_slippage_bps'),
    timeInForce: varchar('time_in_force', { length: 3 }).notNull().default('gtc'),
    expiresAt: moment('expires_at'),
    /** Trading fees of its fills. */
    fee: quoteColumn('fee')
      .notNull()
      .default(sql`0`),
    /** First publish time at which it may execute, seconds since 1970. */
    eligibleFrom: sequenceColumn('eligible_from'),
    errorCode: varchar('error_code', { length: 20 }),
    /** Every signed transaction for it: signature, seq, outcome and why. */
    attempts: jsonb('attempts').$type<readonly StoredAttempt[]>().notNull().default([]),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    /** Prices of the exits attached to it; their own orders name it as their parent. */
    takeProfit: priceColumn('take_profit'),
    stopLoss: priceColumn('stop_loss'),
    /** Orders of which one execution cancels the others. */
    groupId: uuid('group_id'),
    parentOrderId: uuid('parent_order_id'),
    exitKind: varchar('exit_kind', { length: 12 }),
    /** The analysis it follows. No foreign key: analyses expire, orders stay. */
    analysisId: uuid('analysis_id'),
  },
  (table) => [
    foreignKey({ name: 'trading_orders_user_id_fkey', columns: [table.userId], foreignColumns: [users.id] }).onDelete(
      'cascade',
    ),
    foreignKey({
      name: 'trading_orders_position_id_fkey',
      columns: [table.positionId],
      foreignColumns: [tradingPositions.id],
    }).onDelete('set null'),
    check('trading_orders_order_type_check', sql`order_type IN ('market', 'limit', 'stop', 'stop_limit')`),
    check('trading_orders_side_check', sql`side IN ('buy', 'sell')`),
    check('trading_orders_quantity_check', sql`quantity > 0`),
    check('trading_orders_price_check', sql`price > 0`),
    check('trading_orders_stop_price_check', sql`stop_price > 0`),
    check('trading_orders_status_check', sql`status IN ('pending', 'filled', 'cancelled', 'rejected')`),
    check('trading_orders_filled_quantity_check', sql`filled_quantity >= 0`),
    index('idx_orders_user_id').on(table.userId),
    index('idx_orders_position_id').on(table.positionId),
    index('idx_orders_status').on(table.status),
    index('idx_orders_symbol').on(table.marketSymbol),
    index('idx_orders_created_at').on(table.createdAt),
    pgPolicy('Users can view own orders', { for: 'select', using: sql`auth.uid() = user_id` }),
    pgPolicy('Users can insert own orders', { for: 'insert', withCheck: sql`auth.uid() = user_id` }),
    pgPolicy('Users can update own orders', { for: 'update', using: sql`auth.uid() = user_id` }),
    check(
      'trading_orders_stage_check',
      sql`stage IN ('accepted', 'resting', 'triggered', 'submitted', 'filled', 'rejected', 'cancelled', 'expired')`,
    ),
    check('trading_orders_time_in_force_check', sql`time_in_force IN ('gtc', 'ioc', 'gtt')`),
    check('trading_orders_leverage_check', sql`leverage > 0 AND leverage <= 100`),
    check('trading_orders_max_slippage_bps_check', sql`max_slippage_bps >= 0`),
    check('trading_orders_fee_check', sql`fee >= 0`),
    check('trading_orders_take_profit_check', sql`take_profit > 0`),
    check('trading_orders_stop_loss_check', sql`stop_loss > 0`),
    check('trading_orders_exit_kind_check', sql`exit_kind IN ('take_profit', 'stop_loss')`),
    index('idx_orders_user_id_created_at').on(
      table.userId,
      table.createdAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('idx_orders_user_id_client_order_id').on(table.userId, table.clientOrderId),
    index('idx_orders_unfinished')
      .on(table.createdAt)
      .where(sql`status = 'pending'`),
    pgPolicy('Projector can view orders', { for: 'select', to: projector, using: isProjector }),
    pgPolicy('Projector can link orders to positions', { for: 'update', to: projector, using: isProjector }),
  ],
);
