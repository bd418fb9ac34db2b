import * as z from 'zod';
import { isMarketSymbol, MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { marketPriceSchema, pricesQuerySchema } from '#shared/protocol/market.ts';
import { presentMarketPrice } from '#shared/protocol/present/market.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';

/** @throws RefusedError MARKET_001 */
function symbolsOf(text: string | undefined): readonly MarketSymbol[] {
  if (text === undefined) return MARKET_SYMBOLS;
  return text.split(',').map((part) => {
    const symbol = part.trim();
    if (isMarketSymbol(symbol)) return symbol;
    throw refused('MARKET_001', `There is no market ${symbol.slice(0, 20)}. Markets are ${MARKET_SYMBOLS.join(', ')}.`);
  });
}

export const marketPrices = defineOperation({
  method: 'GET',
  path: '/api/market/prices',
  tag: 'Market Data',
  summary: 'Current prices; a market without a price yet is left out',
  auth: 'none',
  rate: 'data',
  query: pricesQuerySchema,
  lists: ['symbols'],
  status: 200,
  answer: z.array(marketPriceSchema),
  refusals: ['MARKET_001'],
  handle: async ({ query, services: { markets } }) => {
    const symbols = [...new Set(symbolsOf(query.symbols))];
    const snapshots = await Promise.all(symbols.map((symbol) => markets.snapshot(symbol)));
    return snapshots.map(presentMarketPrice).filter((price) => price !== null);
  },
});
