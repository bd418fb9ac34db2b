import { formatDecimal } from '#shared/money/decimal.ts';
import { divCeil, divFloor, max } from '#shared/money/divide.ts';

import { readDecimalInput } from './decimal-input.ts';

export interface Stepped {
  /** Decimals of the field's unit. */
  readonly decimals: number;
  /** Decimals of one step: 2 steps by 0.01. */
  readonly places: number;
}

/** Steps of one press: alone, and with Shift held. */
export const stepsPerKey = { alone: 1n, shift: 10n } as const;

/**
 * The figure so many steps up or down, on the grid of the steps, never below zero. Undefined where the field holds no figure: there is
 * nothing to step from.
 */
export function stepInput(text: string, steps: bigint, { decimals, places }: Stepped): string | undefined {
  const value = readDecimalInput(text, decimals);
  if (value === null) return undefined;
  const step = 10n ** BigInt(decimals - places);
  // A figure between two steps goes to the next one in the direction of the press.
  const from = steps > 0n ? divFloor(value, step) : divCeil(value, step);
  return formatDecimal(max(0n, from + steps) * step, decimals);
}
