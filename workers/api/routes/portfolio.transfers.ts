import { pageQuerySchema } from '#shared/protocol/common.ts';
import { transferListSchema } from '#shared/protocol/portfolio.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentTransfer } from '../present-portfolio.ts';

export const portfolioTransfers = defineOperation({
  method: 'GET',
  path: '/api/portfolio/transfers',
  tag: 'Portfolio',
  summary: 'Your deposits and withdrawals with how they stand, newest first',
  auth: 'bearer',
  rate: 'data',
  query: pageQuerySchema,
  status: 200,
  answer: transferListSchema,
  paged: true,
  refusals: ['SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const page = await services.repositories.transfers.list(session.userId, query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentTransfer);
  },
});
