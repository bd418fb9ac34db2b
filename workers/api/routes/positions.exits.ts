import { orderListSchema, setExitsRequestSchema } from '#shared/protocol/orders.ts';
import { presentOrder } from '#shared/protocol/present/order.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { positionParamsSchema } from './positions.history.ts';

export const positionsExits = defineOperation({
  method: 'POST',
  path: '/api/trading/positions/{id}/exits',
  tag: 'Trading',
  summary: 'Set, replace or remove (null) the take-profit and the stop-loss of a position; answers those it has then',
  auth: 'bearer',
  rate: 'trading',
  idempotent: true,
  params: positionParamsSchema,
  body: setExitsRequestSchema,
  status: 200,
  answer: orderListSchema,
  refusals: [
    'TRADING_006',
    'TRADING_009',
    'TRADING_010',
    'TRADING_011',
    'TRADING_014',
    'TRADING_015',
    'TRADING_024',
    'TRADING_025',
    'VALIDATION_005',
    'CHAIN_001',
  ],
  handle: async ({ params, body, session, meta, services }) => {
    const exits = await services.account(session.wallet).setExits({
      meta,
      userId: session.userId,
      positionId: params.id,
      takeProfit: body.take_profit,
      stopLoss: body.stop_loss,
      quantity: body.quantity ?? null,
      maxSlippageBps: body.max_slippage_bps ?? null,
    });
    return unwrap(exits).map(presentOrder);
  },
});
