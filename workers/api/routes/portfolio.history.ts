import {
  PORTFOLIO_INTERVALS,
  portfolioHistoryQuerySchema,
  portfolioHistorySchema,
} from '#shared/protocol/portfolio.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentPortfolioPoint } from '../present-portfolio.ts';

export const portfolioHistory = defineOperation({
  method: 'GET',
  path: '/api/portfolio/history',
  tag: 'Portfolio',
  summary: 'Your equity, profit and loss, fees and drawdown over time, newest first',
  auth: 'bearer',
  rate: 'data',
  query: portfolioHistoryQuerySchema,
  status: 200,
  answer: portfolioHistorySchema,
  paged: true,
  refusals: ['SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const { interval, limit, cursor } = query;
    const page = await services.repositories.portfolio.history(session.userId, {
      bucketSeconds: PORTFOLIO_INTERVALS[interval],
      limit,
      cursor,
    });
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentPortfolioPoint);
  },
});
