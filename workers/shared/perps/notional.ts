/** Notional of a size at a price (docs/mathematics.md, 1). */
import { divFloor } from '../money/divide.ts';
import {
  ENTRY_VALUE_PER_QUOTE,
  type EntryValue,
  type Price,
  type Quote,
  type Size,
  entryValue,
  quote,
} from '../money/units.ts';
import { u128 } from './checked.ts';

/** size × price, exact, 1e-16 USD: what formulas use. */
export const exactNotional = (size: Size, price: Price): EntryValue => entryValue(u128(size * price));

/** size × price in quote, rounded down. For display only: formulas never round it first. */
export const notional = (size: Size, price: Price): Quote =>
  quote(divFloor(exactNotional(size, price), ENTRY_VALUE_PER_QUOTE));
