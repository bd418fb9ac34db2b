import { cancelAllQuerySchema, orderListSchema } from '#shared/protocol/orders.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const ordersCancelAll = defineOperation({
  method: 'DELETE',
  path: '/api/trading/orders',
  tag: 'Trading',
  summary: 'Cancel every order that still can be, of one market or all; answers those it cancelled',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  query: cancelAllQuerySchema,
  status: 200,
  answer: orderListSchema,
  refusals: ['MARKET_001', 'TRADING_009', 'TRADING_010'],
  handle: async ({ query, session, meta, services }) => {
    const cancelled = unwrap(await services.account(session.wallet).cancelAll(query.symbol ?? null, meta));
    return cancelled.map(presentOrder);
  },
});
