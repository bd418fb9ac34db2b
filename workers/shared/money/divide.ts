/**
 * Division with a stated rounding direction. JavaScript's `/` on bigint rounds towards zero, which favours one party for positive and
 * the other for negative amounts: money is divided by these instead.
 */

/** floor(a / b), towards −∞. Throws RangeError when b is 0. */
export function divFloor(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** ceil(a / b), towards +∞. Throws RangeError when b is 0. */
export function divCeil(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n === b < 0n ? quotient + 1n : quotient;
}

/** a / b towards zero. */
export const divTrunc = (a: bigint, b: bigint): bigint => a / b;

/** a / b to the nearest integer, a half away from zero. For display only. */
export function divRound(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [abs(a), abs(b)];
  const rounded = (2n * x + y) / (2n * y);
  return negative ? -rounded : rounded;
}

/** floor(a · b / c) with one division. */
export const mulDivFloor = (a: bigint, b: bigint, c: bigint): bigint => divFloor(a * b, c);
/** ceil(a · b / c) with one division. */
export const mulDivCeil = (a: bigint, b: bigint, c: bigint): bigint => divCeil(a * b, c);

export const abs = (a: bigint): bigint => (a < 0n ? -a : a);
export const min = <A extends bigint, B extends bigint>(a: A, b: B): A | B => (a < b ? a : b);
export const max = <A extends bigint, B extends bigint>(a: A, b: B): A | B => (a > b ? a : b);
export const clamp = (value: bigint, low: bigint, high: bigint): bigint => max(low, min(value, high));
/** −1, 0 or 1. */
export const sign = (a: bigint): -1n | 0n | 1n => (a > 0n ? 1n : a < 0n ? -1n : 0n);
