import * as z from 'zod';
import { marketOf } from '#shared/markets.ts';
import { marketSchema } from '#shared/protocol/market.ts';
import { marketSymbolOf } from '#shared/protocol/present/fields.ts';
import { presentMarket } from '#shared/protocol/present/market.ts';
import { defineOperation } from '../operation.ts';

export const marketMarkets = defineOperation({
  method: 'GET',
  path: '/api/market/markets',
  tag: 'Market Data',
  summary: 'Markets with their limits, fees, open interest and funding now',
  auth: 'none',
  rate: 'data',
  status: 200,
  answer: z.array(marketSchema),
  refusals: [],
  handle: async ({ services: { markets, chain } }) =>
    (await markets.all()).map((snapshot) => {
      const symbol = marketSymbolOf(snapshot.symbol);
      const market = chain.addresses.market(symbol).toBase58();
      return presentMarket(snapshot, { market, priceAccount: marketOf(symbol).priceAccount });
    }),
});
