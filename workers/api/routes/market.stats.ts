import { marketStatsSchema, symbolQuerySchema } from '#shared/protocol/market.ts';
import { presentStats } from '#shared/protocol/present/market.ts';
import { defineOperation } from '../operation.ts';

export const marketStats = defineOperation({
  method: 'GET',
  path: '/api/market/stats',
  tag: 'Market Data',
  summary: 'Statistics of the last 24 hours',
  auth: 'none',
  rate: 'data',
  query: symbolQuerySchema,
  status: 200,
  answer: marketStatsSchema,
  refusals: ['MARKET_001'],
  handle: async ({ query, services: { markets } }) => presentStats(await markets.snapshot(query.symbol)),
});
