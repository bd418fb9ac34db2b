import { historyQuerySchema, liquidationListSchema } from '#shared/protocol/fills.ts';
import { presentLiquidation } from '../present-history.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';

export const liquidationsList = defineOperation({
  method: 'GET',
  path: '/api/trading/liquidations',
  tag: 'Trading',
  summary: 'Liquidations of your positions, newest first',
  auth: 'bearer',
  rate: 'data',
  query: historyQuerySchema,
  status: 200,
  answer: liquidationListSchema,
  paged: true,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const page = await services.repositories.liquidations.list(session.userId, query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentLiquidation);
  },
});
