import { placeOrderRequestSchema, previewSchema } from '#shared/protocol/orders.ts';
import { previewFor } from '../preview.ts';
import { defineOperation } from '../operation.ts';

export const ordersPreview = defineOperation({
  method: 'POST',
  path: '/api/trading/preview',
  tag: 'Trading',
  summary: 'What an order would do now, by the mathematics of the program; places nothing',
  auth: 'bearer',
  rate: 'data',
  body: placeOrderRequestSchema,
  status: 200,
  answer: previewSchema,
  refusals: ['AUTH_010', 'MARKET_001', 'ORACLE_003', 'TRADING_003', 'TRADING_005', 'VALIDATION_005'],
  handle: ({ body, session, services }) => previewFor(services, session.wallet, body),
});
