import type { MarketSymbol } from '#shared/markets.ts';
import { tryParseDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, U64_MAX, price as toPrice, type Price } from '#shared/money/units.ts';

import type { CitedValue } from './citations.ts';

/** What of the desk a figure speaks of. */
export type Highlight =
  | { readonly kind: 'chart' | 'depth' | 'position'; readonly symbol: MarketSymbol }
  /** A price, drawn across the chart. */
  | { readonly kind: 'price'; readonly symbol: MarketSymbol; readonly price: Price; readonly label: string };

/** Figures of the trader's own position. */
const ofPosition: ReadonlySet<string> = new Set([
  ...['position', 'equity', 'equity_after_move', 'margin_ratio', 'maintenance_margin', 'carry_per_day'],
  ...['liquidation_distance', 'liquidation_chance', 'liquidation_price', 'entry_price', 'unrealized_pnl', 'leverage'],
]);
/** Figures of what others hold and pay: they show where the sides of a market are compared. */
const ofDepth: ReadonlySet<string> = new Set(['funding', 'skew', 'long_interest', 'short_interest', 'cost', 'spread']);
const ownPrices: ReadonlySet<string> = new Set(['liquidation_price', 'entry_price']);

/** USD as text → a price; null where it is none. */
const priceOf = (text: string): Price | null => {
  const units = tryParseDecimal(text, { decimals: PRICE_DECIMALS, min: 1n, max: U64_MAX });
  return units === null ? null : toPrice(units);
};

/** Where to look for what a citation speaks of: the price itself, the position, the sides of the market, or else its chart. */
export function citationTarget(id: string, symbol: MarketSymbol, cited: CitedValue | null, label: string): Highlight {
  const price = cited?.unit === 'USD' ? priceOf(cited.value) : null;
  if (price !== null && !ownPrices.has(id)) return { kind: 'price', symbol, price, label };
  if (ofPosition.has(id)) return { kind: 'position', symbol };
  if (ofDepth.has(id) || /^(long|short)_liquidation_notional$/.test(id)) return { kind: 'depth', symbol };
  return { kind: 'chart', symbol };
}

/** A figure's name where nothing but its id is known: `long_interest` is "Long interest". */
export function nameOfFigure(id: string): string {
  const words = id.replaceAll('_', ' ').trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
