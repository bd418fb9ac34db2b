import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { createSignal } from 'solid-js';
import * as z from 'zod';

import { readRemembered, remember } from './remembered.ts';

const storageKey = 'quantdesk.market';

const [market, setMarket] = createSignal<MarketSymbol | undefined>(readRemembered(storageKey, z.enum(MARKET_SYMBOLS)));

/** The market last traded here: where "Trade" leads back to. */
export const lastMarket = market;

export function rememberMarket(symbol: MarketSymbol): void {
  remember(storageKey, symbol);
  setMarket(symbol);
}
