import { orderSchema } from '#shared/protocol/orders.ts';
import { changeMarginRequestSchema } from '#shared/protocol/positions.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { executed } from './orders.place.ts';
import { positionParamsSchema } from './positions.history.ts';

export const positionsMargin = defineOperation({
  method: 'POST',
  path: '/api/trading/positions/{id}/margin',
  tag: 'Trading',
  summary: 'Add margin to a position (positive) or remove it (negative)',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  params: positionParamsSchema,
  body: changeMarginRequestSchema,
  status: 201,
  answer: orderSchema,
  refusals: [
    'TRADING_002',
    'TRADING_006',
    'TRADING_009',
    'TRADING_010',
    'TRADING_011',
    'TRADING_014',
    'TRADING_015',
    'TRADING_018',
    'VALIDATION_005',
    'CHAIN_001',
    'RATE_003',
  ],
  handle: async ({ params, body, session, meta, services }) => {
    const account = services.account(session.wallet);
    const command = { meta, userId: session.userId, positionId: params.id, amount: body.amount };
    return presentOrder(await executed(account, unwrap(await account.changeMargin(command))));
  },
});
