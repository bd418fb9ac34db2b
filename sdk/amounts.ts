import { parseDecimal, signedUnit, unsignedUnit } from '#shared/money/decimal.ts';
import {
  LEVERAGE_DECIMALS,
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  SIZE_DECIMALS,
  price,
  quote,
  size,
  type Price,
  type Quote,
  type Size,
} from '#shared/money/units.ts';

/** Decimal text → the exact integers the client takes. Each throws a DecimalError for more places than its unit has. */

/** An amount of USDC: `usdc('12.5')`; negative takes out. */
export const usdc = (text: string): Quote => quote(parseDecimal(text, signedUnit(QUOTE_DECIMALS)));

/** A quantity of the base asset: `base('2.5')` is 2.5 SOL. */
export const base = (text: string): Size => size(parseDecimal(text, unsignedUnit(SIZE_DECIMALS)));

/** A price in USD: `usd('152.3')`. */
export const usd = (text: string): Price => price(parseDecimal(text, unsignedUnit(PRICE_DECIMALS)));

/** Leverage in the hundredths that travel inside the client: `times(20)` is 2,000. */
export const times = (leverage: number): number =>
  Number(parseDecimal(String(leverage), unsignedUnit(LEVERAGE_DECIMALS)));
