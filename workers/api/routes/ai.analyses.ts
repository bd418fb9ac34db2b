import { analysisListQuerySchema, analysisListSchema } from '#shared/protocol/ai.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentAnalysis } from '../present-ai.ts';

export const aiAnalyses = defineOperation({
  method: 'GET',
  path: '/api/ai/analyses',
  tag: 'Assistant',
  summary: 'Analyses made for you, newest first, with what they came to',
  auth: 'bearer',
  rate: 'data',
  query: analysisListQuerySchema,
  status: 200,
  answer: analysisListSchema,
  paged: true,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query, session, services, context }) => {
    const { analysis_type: analysisType, ...same } = query;
    const page = await services.repositories.analyses.list(session.userId, { ...same, analysisType });
    sendCursor(context, page.nextCursor);
    return page.rows.map((record) => presentAnalysis(record, services.clock.nowMs()));
  },
});
