import { PORTFOLIO_INTERVALS } from '#shared/protocol/portfolio.ts';
import { poolHistoryQuerySchema, poolHistorySchema } from '#shared/protocol/pool.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentPoolPoint } from '../present-pool.ts';

export const poolHistory = defineOperation({
  method: 'GET',
  path: '/api/pool/history',
  tag: 'Pool',
  summary: 'Share price, shares and equity of the pool over time, newest first',
  auth: 'none',
  rate: 'data',
  query: poolHistoryQuerySchema,
  status: 200,
  answer: poolHistorySchema,
  paged: true,
  refusals: ['SYSTEM_002'],
  handle: async ({ query, services, context }) => {
    const { interval, limit, cursor } = query;
    const page = await services.repositories.pool.history({
      bucketSeconds: PORTFOLIO_INTERVALS[interval],
      limit,
      cursor,
    });
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentPoolPoint);
  },
});
