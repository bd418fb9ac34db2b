import { marketOf } from '#shared/markets.ts';
import { oracleResponseSchema, symbolQuerySchema } from '#shared/protocol/market.ts';
import { presentOracle } from '#shared/protocol/present/oracle.ts';
import { defineOperation } from '../operation.ts';

export const marketOracle = defineOperation({
  method: 'GET',
  path: '/api/market/oracle',
  tag: 'Market Data',
  summary: 'Age, confidence and EMA gap of the price, and which actions it allows now',
  auth: 'none',
  rate: 'data',
  query: symbolQuerySchema,
  status: 200,
  answer: oracleResponseSchema,
  refusals: ['MARKET_001'],
  handle: async ({ query, services: { markets, clock } }) => {
    const snapshot = await markets.snapshot(query.symbol);
    return presentOracle(snapshot, marketOf(query.symbol).priceAccount, clock.nowMs());
  },
});
