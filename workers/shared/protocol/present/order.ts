import { price, quote, size } from '#shared/money/units.ts';
import { marketSymbolOf, timestampOf, timestampOrNull } from './fields.ts';
import type { CommandDto, OrderDetailDto, OrderDto } from '../orders.ts';
import type { CommandRecord, OrderRecord } from '#shared/order-record.ts';

const priceOrNull = (value: bigint | null) => (value === null ? null : price(value));

/** An order as every answer and the `orders` channel show it. */
export function presentOrder(record: OrderRecord): OrderDto {
  const isTrade = record.intent === 'trade';
  return {
    order_id: record.orderId,
    client_order_id: record.clientOrderId,
    intent: record.intent,
    symbol: marketSymbolOf(record.symbol),
    side: record.side,
    order_type: record.orderType,
    // A change of margin keeps its USDC amount where a trade keeps its size.
    quantity: size(isTrade ? record.quantity : 0n),
    amount: isTrade ? null : quote(record.quantity),
    price: priceOrNull(record.price),
    stop_price: priceOrNull(record.stopPrice),
    reduce_only: record.reduceOnly,
    leverage: record.leverageE2,
    max_slippage_bps: record.maxSlippageBps,
    time_in_force: record.timeInForce,
    expires_at: timestampOrNull(record.expiresAtMs),
    take_profit: priceOrNull(record.takeProfit),
    stop_loss: priceOrNull(record.stopLoss),
    group_id: record.groupId,
    parent_order_id: record.parentOrderId,
    exit_kind: record.exitKind,
    analysis_id: record.analysisId,
    status: record.status,
    stage: record.stage,
    version: record.version,
    // An addition of margin waits for no price.
    eligible_from: record.intent === 'add_margin' ? null : record.eligibleFrom,
    filled_quantity: size(isTrade ? record.filledQuantity : 0n),
    average_fill_price: priceOrNull(record.averageFillPrice),
    fee: quote(record.fee),
    position_id: record.positionId,
    transaction_hash: record.transactionHash,
    error: record.error === null ? null : { code: record.error.code, message: record.error.message },
    created_at: timestampOf(record.createdAtMs),
    executed_at: timestampOrNull(record.executedAtMs),
  };
}

/** An order with what was signed for it. */
export function presentOrderDetail(record: OrderRecord): OrderDetailDto {
  return {
    ...presentOrder(record),
    attempts: record.attempts.map((attempt) => ({
      signature: attempt.signature,
      expected_seq: Number(attempt.expectedSeq),
      signed_at: timestampOf(attempt.signedAtMs),
      last_valid_block_height: attempt.lastValidBlockHeight,
      outcome: attempt.outcome,
      settled_at: timestampOrNull(attempt.settledAtMs),
      reason: attempt.reason,
    })),
  };
}

/** What became of a request. */
export function presentCommand(record: CommandRecord): CommandDto {
  return {
    idempotency_key: record.idempotencyKey,
    kind: record.kind,
    outcome: record.outcome,
    order: record.order === null ? null : presentOrder(record.order),
    orders: record.orders.map(presentOrder),
    cancel_at: timestampOrNull(record.cancelAtMs),
    error: record.refusal === null ? null : { code: record.refusal.code, message: record.refusal.message },
    created_at: timestampOf(record.createdAtMs),
  };
}
