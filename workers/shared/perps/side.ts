/** Sides and directions. */
import type { PositionState, Side, SideTotals, TradeSide } from './types.ts';
import { entryValue, fineValue, quote, size } from '../money/units.ts';

/** σ: +1 for a long, −1 for a short. */
export const sideSign = (side: Side): 1n | -1n => (side === 'long' ? 1n : -1n);
/** The direction that opens or increases a side. */
export const openingTrade = (side: Side): TradeSide => (side === 'long' ? 'buy' : 'sell');
/** The direction that reduces a side. */
export const closingTrade = (side: Side): TradeSide => (side === 'long' ? 'sell' : 'buy');
/** The side a trade opens. */
export const sideOf = (trade: TradeSide): Side => (trade === 'buy' ? 'long' : 'short');
export const oppositeSide = (side: Side): Side => (side === 'long' ? 'short' : 'long');

/** Sums of an empty side. */
export const EMPTY_TOTALS: SideTotals = {
  size: size(0n),
  entryValue: entryValue(0n),
  margin: quote(0n),
  reserve: quote(0n),
  fundingSum: fineValue(0n),
  borrowSum: fineValue(0n),
};

/** A position nobody has opened. */
export const FLAT_POSITION: PositionState = { side: 'long', ...EMPTY_TOTALS, seq: 0n, payoutOwed: quote(0n) };
