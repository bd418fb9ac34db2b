import { riskAlertListSchema, riskAlertsQuerySchema } from '#shared/protocol/risk.ts';
import { presentRiskAlert } from '#shared/protocol/present/risk-alert.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';

export const riskAlerts = defineOperation({
  method: 'GET',
  path: '/api/risk/alerts',
  tag: 'Risk',
  summary: 'Margin warnings, liquidations and closes you did not order, newest first',
  auth: 'bearer',
  rate: 'data',
  query: riskAlertsQuerySchema,
  status: 200,
  answer: riskAlertListSchema,
  paged: true,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const page = await services.repositories.riskAlerts.list(session.userId, query);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentRiskAlert);
  },
});
