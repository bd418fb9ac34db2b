import { marketOf, type MarketDefinition, type MarketSymbol } from '#shared/markets.ts';
import type { Accessor } from 'solid-js';

/** What never changes about the chosen market. */
export const useMarket =
  (symbol: Accessor<MarketSymbol>): Accessor<MarketDefinition> =>
  () =>
    marketOf(symbol());
