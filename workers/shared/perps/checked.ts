/** Widths of the program's integers: a bigint has none, so what the program could not hold is refused here as it is there. */
import { I128_MAX, I128_MIN, I64_MAX, I64_MIN, U128_MAX, U64_MAX } from '../money/units.ts';
import { requireThat } from './errors.ts';

const within = <T extends bigint>(value: T, low: bigint, high: bigint): T => {
  requireThat(value >= low && value <= high, 'MathOverflow');
  return value;
};

/** The value, or PerpError MathOverflow where it does not fit the width. */
export const u64 = <T extends bigint>(value: T): T => within(value, 0n, U64_MAX);
export const i64 = <T extends bigint>(value: T): T => within(value, I64_MIN, I64_MAX);
export const u128 = <T extends bigint>(value: T): T => within(value, 0n, U128_MAX);
export const i128 = <T extends bigint>(value: T): T => within(value, I128_MIN, I128_MAX);
