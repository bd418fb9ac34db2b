import * as z from 'zod';
import { uuidSchema } from '#shared/protocol/common.ts';
import { orderDetailSchema } from '#shared/protocol/orders.ts';
import { presentOrderDetail } from '#shared/protocol/present/order.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const orderParamsSchema = z.object({ id: uuidSchema });

export const ordersGet = defineOperation({
  method: 'GET',
  path: '/api/trading/orders/{id}',
  tag: 'Trading',
  summary: 'One order with every transaction signed for it',
  auth: 'bearer',
  rate: 'data',
  params: orderParamsSchema,
  status: 200,
  answer: orderDetailSchema,
  refusals: ['TRADING_001'],
  handle: async ({ params, session, services }) => {
    const order = await services.account(session.wallet).getOrder(params.id);
    if (order === null) throw refused('TRADING_001', 'You have no order with this id.');
    return presentOrderDetail(order);
  },
});
