import { analysisSchema, analyzeRequestSchema } from '#shared/protocol/ai.ts';
import { analyze } from '../../analyst/analyze.ts';
import { defineOperation } from '../operation.ts';
import { presentAnalysis } from '../present-ai.ts';

export const aiAnalyze = defineOperation({
  method: 'POST',
  path: '/api/ai/analyze',
  tag: 'Assistant',
  summary: 'An analysis of a market for you now: it is kept, and scored when it has expired',
  auth: 'bearer',
  rate: 'assistant',
  body: analyzeRequestSchema,
  status: 200,
  answer: analysisSchema,
  refusals: [
    ...(['AI_001', 'AI_002', 'AI_003', 'AI_007', 'AI_008', 'AUTH_010'] as const),
    ...(['MARKET_001', 'MARKET_003', 'ORACLE_001', 'ORACLE_002', 'ORACLE_003', 'SYSTEM_002'] as const),
  ],
  handle: async ({ body, session, services, context }) => {
    const analysis = analyze(services, session, body);
    // Also where the caller leaves: what a model was asked has to be paid for.
    context.executionCtx.waitUntil(analysis.then(nothing, nothing));
    return presentAnalysis(await analysis, services.clock.nowMs());
  },
});

const nothing = (): void => undefined;
