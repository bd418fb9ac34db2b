/** Borrow paid by both sides to the pool (docs/mathematics.md, 9). */
import { divCeil, min } from '../money/divide.ts';
import { type IndexValue, type Price, type Quote, type Rate, indexValue, rate } from '../money/units.ts';
import { i128, i64 } from './checked.ts';
import { indexDivisor } from './funding.ts';

/** borrow_base + ceil(borrow_slope · min(reserved, backing) / backing); full slope where nothing backs the market. */
export function borrowRate(borrowBase: Rate, borrowSlope: Rate, reserved: Quote, backing: Quote): Rate {
  if (backing <= 0n) return rate(i64(borrowBase + borrowSlope));
  return rate(i64(borrowBase + divCeil(borrowSlope * min(reserved, backing), backing)));
}

/** ceil(rate · price · dt / 360). */
export const borrowIndexDelta = (hourlyRate: Rate, price: Price, dtSeconds: bigint): IndexValue =>
  indexValue(i128(divCeil(hourlyRate * price * dtSeconds, indexDivisor)));
