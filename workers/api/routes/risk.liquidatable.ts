import { MARKET_SYMBOLS } from '#shared/markets.ts';
import { liquidatableListSchema, liquidatableQuerySchema } from '#shared/protocol/risk.ts';
import { liquidatableIn } from '../liquidatable.ts';
import { defineOperation } from '../operation.ts';

export const riskLiquidatable = defineOperation({
  method: 'GET',
  path: '/api/risk/liquidatable',
  tag: 'Risk',
  summary: 'Positions that anyone may liquidate now, and be paid for it',
  auth: 'none',
  rate: 'data',
  query: liquidatableQuerySchema,
  status: 200,
  answer: liquidatableListSchema,
  refusals: ['MARKET_001'],
  handle: async ({ query: { symbol, limit }, services }) => {
    const symbols = symbol === undefined ? MARKET_SYMBOLS : [symbol];
    const found = await Promise.all(symbols.map((each) => liquidatableIn(services, each)));
    return found.flat().slice(0, limit);
  },
});
