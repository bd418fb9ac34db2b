import { fillListSchema, historyQuerySchema } from '#shared/protocol/fills.ts';
import { presentFill } from '../present-history.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';

export const fillsList = defineOperation({
  method: 'GET',
  path: '/api/trading/fills',
  tag: 'Trading',
  summary: 'Your executions, newest first',
  auth: 'bearer',
  rate: 'data',
  query: historyQuerySchema,
  status: 200,
  answer: fillListSchema,
  paged: true,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const page = await services.repositories.fills.list(session.userId, query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentFill);
  },
});
