import { orderSchema, placeOrderRequestSchema, type PlaceOrderRequest } from '#shared/protocol/orders.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import type { AccountRpc, OrderRecord, PlaceOrderCommand } from '../../account/contract.ts';
import { errorMessage, type Logger } from '../../platform/logger.ts';
import { withTimeout } from '../../platform/retry.ts';
import type { Services } from '../context.ts';
import { refused, unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';

/** How long the answer waits for a market order's execution. */
export const executionWaitMsMax = 3_000;

export const ordersPlace = defineOperation({
  method: 'POST',
  path: '/api/trading/orders',
  tag: 'Trading',
  summary: 'Place an order; a market order is answered once executed, or after 3 s as it stands',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  body: placeOrderRequestSchema,
  status: 201,
  answer: orderSchema,
  refusals: [
    'MARKET_001',
    'MARKET_002',
    'MARKET_003',
    'MARKET_004',
    'MARKET_005',
    'AI_006',
    'AUTH_008',
    'AUTH_009',
    'ORACLE_001',
    'ORACLE_002',
    'ORACLE_003',
    'TRADING_002',
    'TRADING_003',
    'TRADING_005',
    'TRADING_008',
    'TRADING_009',
    'TRADING_010',
    'TRADING_011',
    'TRADING_012',
    'TRADING_014',
    'TRADING_015',
    'TRADING_025',
    'VALIDATION_005',
    'CHAIN_001',
    'RATE_003',
    'SYSTEM_002',
  ],
  handle: async ({ body, session, meta, services, context }) => {
    const expiresAtMs = expiryOf(body, services.clock.nowMs());
    const analysisId = await ownAnalysis(services, session.userId, body.analysis_id, context.get('logger'));
    const account = services.account(session.wallet);
    const command: PlaceOrderCommand = {
      meta,
      userId: session.userId,
      symbol: body.symbol,
      side: body.side,
      orderType: body.order_type,
      quantity: body.quantity,
      price: body.price ?? null,
      stopPrice: body.stop_price ?? null,
      reduceOnly: body.reduce_only,
      leverageE2: body.leverage ?? null,
      maxSlippageBps: body.max_slippage_bps ?? null,
      timeInForce: body.time_in_force,
      expiresAtMs,
      clientOrderId: body.client_order_id ?? null,
      takeProfit: body.take_profit ?? null,
      stopLoss: body.stop_loss ?? null,
      analysisId,
    };
    const order = unwrap(await account.placeOrder(command));
    return presentOrder(await executed(account, order));
  },
});

/** An order waits no longer than this to learn whose analysis it follows. */
const analysisWaitMsMax = 1_000;

/**
 * An order may follow an analysis of its own trader alone. Where that cannot be read, it goes on without: trading waits for no note.
 *
 * @throws RefusedError AI_006
 */
async function ownAnalysis(
  { repositories }: Services,
  userId: string,
  analysisId: string | undefined,
  logger: Logger,
): Promise<string | null> {
  if (analysisId === undefined) return null;
  const isOwn = await withTimeout(() => repositories.analyses.owns(userId, analysisId), analysisWaitMsMax).catch(
    (error: unknown) => {
      logger.warn('an order goes on without its analysis, which cannot be read', { reason: errorMessage(error) });
      return null;
    },
  );
  if (isOwn === null) return null;
  if (isOwn) return analysisId;
  throw refused('AI_006', 'You have no such analysis: leave analysis_id out, or name one of GET /api/ai/analyses.');
}

/** @throws RefusedError VALIDATION_001 for an expiry that has passed. */
function expiryOf(body: PlaceOrderRequest, nowMs: number): number | null {
  if (body.expires_at === undefined) return null;
  const expiresAtMs = Date.parse(body.expires_at);
  if (expiresAtMs > nowMs) return expiresAtMs;
  throw refused('VALIDATION_001', 'expires_at has passed already.', {
    details: [{ path: 'expires_at', message: 'Give a time in the future.' }],
  });
}

/** A market order after its execution, or as it stands after the wait. The wait losing its answer loses nothing: the order is accepted. */
export async function executed(account: AccountRpc, accepted: OrderRecord): Promise<OrderRecord> {
  if (accepted.orderType !== 'market') return accepted;
  const deadlineMs = Date.now() + executionWaitMsMax;
  let order = accepted;
  while (order.status === 'pending') {
    const leftMs = deadlineMs - Date.now();
    if (leftMs <= 0) return order;
    const next = await account.waitForOrder(order.orderId, order.version, leftMs).catch(() => null);
    if (next === null || next.version <= order.version) return next ?? order;
    order = next;
  }
  return order;
}
