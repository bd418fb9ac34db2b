import { fundingPaymentListSchema, historyQuerySchema } from '#shared/protocol/fills.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentFundingPayment } from '../present-history.ts';

export const fundingList = defineOperation({
  method: 'GET',
  path: '/api/trading/funding',
  tag: 'Trading',
  summary: 'Funding and borrow your positions paid or received, newest first',
  auth: 'bearer',
  rate: 'data',
  query: historyQuerySchema,
  status: 200,
  answer: fundingPaymentListSchema,
  paged: true,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const page = await services.repositories.transfers.fundingPayments(session.userId, query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentFundingPayment);
  },
});
