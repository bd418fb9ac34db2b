import { orderListQuerySchema, orderListSchema } from '#shared/protocol/orders.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';

export const ordersList = defineOperation({
  method: 'GET',
  path: '/api/trading/orders',
  tag: 'Trading',
  summary: 'Your orders, newest first; with client_order_id the one that carries it',
  auth: 'bearer',
  rate: 'data',
  query: orderListQuerySchema,
  status: 200,
  answer: orderListSchema,
  paged: true,
  refusals: ['MARKET_001'],
  handle: async ({ query, session, services, context }) => {
    const account = services.account(session.wallet);
    if (query.client_order_id !== undefined) {
      const order = await account.getOrderByClientId(query.client_order_id);
      return order === null ? [] : [presentOrder(order)];
    }
    const page = await account.listOrders({
      status: query.status ?? null,
      symbol: query.symbol ?? null,
      limit: query.limit,
      cursor: query.cursor ?? null,
    });
    sendCursor(context, page.nextCursor);
    return page.orders.map(presentOrder);
  },
});
