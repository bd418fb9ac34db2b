/** The seam between statistics (floats) and what is shown or is money (integers of the exchange's units). */
import { displayDecimal } from '#shared/money/format.ts';
import {
  type Bps,
  type Price,
  PRICE_DECIMALS,
  type Quote,
  QUOTE_DECIMALS,
  bps,
  price,
  quote,
} from '#shared/money/units.ts';

/** Prices from statistics are rounded to this many decimals: more would claim what they do not know. */
const pricePlaces = 2;

const integerOf = (value: number, decimals: number): bigint => BigInt(Math.round(value * 10 ** decimals));

/** USD to the exchange's price. @throws RangeError where it is no finite number. */
export const priceOf = (usd: number): Price => price(integerOf(usd, PRICE_DECIMALS));

/** USDC to the exchange's amount. @throws RangeError where it is no finite number. */
export const quoteOf = (usdc: number): Quote => quote(integerOf(usdc, QUOTE_DECIMALS));

/** A part of one to basis points. @throws RangeError where it is no finite number. */
export const bpsOf = (part: number): Bps => bps(integerOf(part, 4));

/** A statistic as decimal text with fixed places, without thousands' separators and never "-0". */
export const decimalText = (value: number, places: number): string =>
  displayDecimal(integerOf(value, places), places, { places, group: '' });

export const priceText = (usd: number): string =>
  displayDecimal(priceOf(usd), PRICE_DECIMALS, { places: pricePlaces, group: '' });

/** Whole USDC: amounts here tell sizes, not balances. */
export const quoteText = (usdc: number): string =>
  displayDecimal(quoteOf(usdc), QUOTE_DECIMALS, { places: 0, group: '' });
