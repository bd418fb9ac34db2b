import { amendOrderRequestSchema, orderSchema } from '#shared/protocol/orders.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { orderParamsSchema } from './orders.get.ts';

export const ordersAmend = defineOperation({
  method: 'PATCH',
  path: '/api/trading/orders/{id}',
  tag: 'Trading',
  summary: 'Change an order that was not submitted yet; it is checked again like a new one',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  params: orderParamsSchema,
  body: amendOrderRequestSchema,
  status: 200,
  answer: orderSchema,
  refusals: [
    'TRADING_001',
    'TRADING_002',
    'TRADING_005',
    'TRADING_009',
    'TRADING_010',
    'TRADING_011',
    'TRADING_012',
    'TRADING_014',
    'TRADING_015',
    'TRADING_024',
    'TRADING_025',
    'MARKET_002',
    'MARKET_003',
    'MARKET_004',
    'MARKET_005',
    'ORACLE_001',
    'ORACLE_003',
    'AUTH_008',
    'AUTH_009',
    'VALIDATION_005',
    'CHAIN_001',
    'RATE_003',
  ],
  handle: async ({ params, body, session, meta, services }) => {
    const amended = await services.account(session.wallet).amendOrder({
      meta,
      orderId: params.id,
      quantity: body.quantity,
      price: body.price,
      stopPrice: body.stop_price,
      expiresAtMs: body.expires_at === undefined ? undefined : Date.parse(body.expires_at),
      maxSlippageBps: body.max_slippage_bps,
      takeProfit: body.take_profit,
      stopLoss: body.stop_loss,
    });
    return presentOrder(unwrap(amended));
  },
});
