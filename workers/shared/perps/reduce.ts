/** Realising a part of a position (docs/mathematics.md, "The life of a position"). */
import { divCeil, divFloor, min, mulDivCeil, mulDivFloor } from '../money/divide.ts';
import {
  ENTRY_VALUE_PER_QUOTE,
  FINE_VALUE_PER_QUOTE,
  type Price,
  type Quote,
  type Size,
  entryValue,
  fineValue,
  quote,
  size as toSize,
} from '../money/units.ts';
import { type Indexes, borrowOwed, fundingOwed } from './equity.ts';
import { positionValue } from './pnl.ts';
import { FLAT_POSITION } from './side.ts';
import type { PositionState } from './types.ts';

/**
 * The share `part` of `size` of a stored sum, rounded as told. Equal to `q·part + r·part/size` with `q = floor(total/size)`, which is how
 * the program stays within 128 bits.
 */
export const share = (total: bigint, part: Size, size: Size, round: 'up' | 'down'): bigint =>
  round === 'up' ? mulDivCeil(total, part, size) : mulDivFloor(total, part, size);

/** What realising a part moved; `funding` and `borrow` are what the trader pays (negative funding is received). */
export interface Realised {
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  /** realizedPnl − funding − borrow: what the pool pays the trader, or gets from him where negative. */
  readonly net: Quote;
  /** The rest of the position, its margin not touched yet. */
  readonly remainder: PositionState;
}

/** The part cut out of a position: each stored sum rounded against the trader, the remainder keeps the rest exactly. */
function cut(position: PositionState, part: Size): { taken: PositionState; remainder: PositionState } {
  const isLong = position.side === 'long';
  const shareOf = (total: bigint, round: 'up' | 'down'): bigint => share(total, part, position.size, round);
  const entry = shareOf(position.entryValue, isLong ? 'up' : 'down');
  const funding = shareOf(position.fundingSum, isLong ? 'down' : 'up');
  const borrow = shareOf(position.borrowSum, 'down');
  const rest = position.size - part;
  const remainingEntry = entryValue(position.entryValue - entry);
  // A share of what was reserved at the opening, whatever the market's cap is now: a change of it neither takes from who is in nor gives
  // him anything.
  const remainingReserve = quote(mulDivCeil(position.reserve, rest, position.size));
  const taken: PositionState = {
    ...position,
    size: part,
    entryValue: entryValue(entry),
    fundingSum: fineValue(funding),
    borrowSum: fineValue(borrow),
    reserve: quote(position.reserve - remainingReserve),
  };
  const remainder: PositionState = {
    ...position,
    size: toSize(rest),
    entryValue: remainingEntry,
    fundingSum: fineValue(position.fundingSum - funding),
    borrowSum: fineValue(position.borrowSum - borrow),
    reserve: remainingReserve,
  };
  return { taken, remainder };
}

/** Realises `part` of a position at a price: profit down and capped by the released reserve, funding and borrow up. */
export function realise(position: PositionState, part: Size, price: Price, indexes: Indexes): Realised {
  const { taken, remainder } = cut(position, part);
  const value = min(positionValue(taken, price), taken.reserve * ENTRY_VALUE_PER_QUOTE);
  const realizedPnl = divFloor(value, ENTRY_VALUE_PER_QUOTE);
  const funding = divCeil(fundingOwed(taken, indexes.fundingIndex), FINE_VALUE_PER_QUOTE);
  const borrow = divCeil(borrowOwed(taken, indexes.borrowIndex), FINE_VALUE_PER_QUOTE);
  return {
    realizedPnl: quote(realizedPnl),
    funding: quote(funding),
    borrow: quote(borrow),
    net: quote(realizedPnl - funding - borrow),
    remainder,
  };
}

/** The position after it was closed: flat, with the side it had. */
export const flattened = (position: PositionState): PositionState => ({
  ...FLAT_POSITION,
  side: position.side,
  seq: position.seq,
  payoutOwed: position.payoutOwed,
});
