/** Profit and loss of a position at a price (docs/mathematics.md, 6 and 7). */
import { divFloor, min } from '../money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, type Price, type Quote, quote } from '../money/units.ts';
import { i128 } from './checked.ts';
import { sideSign } from './side.ts';
import type { PositionState } from './types.ts';

type Valued = Pick<PositionState, 'side' | 'size' | 'entryValue'>;
type Reserved = Valued & Pick<PositionState, 'reserve'>;

/** σ · (size · price − entry_value), exact, 1e-16 USD. */
export const positionValue = (position: Valued, price: Price): bigint =>
  i128(sideSign(position.side) * (position.size * price - position.entryValue));

/** The value, at most the reserve, 1e-16 USD. */
export const cappedValue = (position: Reserved, price: Price): bigint =>
  min(positionValue(position, price), position.reserve * ENTRY_VALUE_PER_QUOTE);

/** floor(min(value, reserve)) in quote; negative for a loss. */
export const unrealizedPnl = (position: Reserved, price: Price): Quote =>
  quote(divFloor(cappedValue(position, price), ENTRY_VALUE_PER_QUOTE));

/** True where the value exceeds the reserve: the position can win nothing more. */
export const isCapped = (position: Reserved, price: Price): boolean =>
  positionValue(position, price) > position.reserve * ENTRY_VALUE_PER_QUOTE;
