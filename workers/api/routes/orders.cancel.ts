import { orderSchema } from '#shared/protocol/orders.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { orderParamsSchema } from './orders.get.ts';

export const ordersCancel = defineOperation({
  method: 'DELETE',
  path: '/api/trading/orders/{id}',
  tag: 'Trading',
  summary: 'Cancel an order; once submitted it can no longer be stopped (409)',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  params: orderParamsSchema,
  status: 200,
  answer: orderSchema,
  refusals: ['TRADING_001', 'TRADING_007', 'TRADING_009', 'TRADING_010'],
  handle: async ({ params, session, meta, services }) =>
    presentOrder(unwrap(await services.account(session.wallet).cancelOrder(params.id, meta))),
});
