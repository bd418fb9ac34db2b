import { formatDecimal } from '#shared/money/decimal.ts';
import { ENTRY_VALUE_PER_QUOTE, PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import type { PositionState } from '#shared/perps/types.ts';

import { texts } from '../i18n/index.ts';
import type { tableTexts } from '../i18n/tables.ts';

export type FigureName = keyof typeof tableTexts.verify.figures;

/** A figure as the record states it, and what it has to be. Every digit of both: nothing is rounded away. */
export interface FigureCheck {
  readonly name: FigureName;
  readonly stated: string;
  /** Null for a figure that is only told: what the others were computed from. */
  readonly recomputed: string | null;
  /** What is to be known about it, in words. */
  readonly note?: string;
}

/** A receipt computed again. */
export interface Verification {
  readonly checks: readonly FigureCheck[];
  /** Of the record's event: what this page cannot compute again, Pyth's price, is found with it. */
  readonly signature: string;
}

export const told = (name: FigureName, stated: string, note?: string): FigureCheck => ({
  name,
  stated,
  recomputed: null,
  ...(note === undefined ? {} : { note }),
});

export const compared = <Value>(
  name: FigureName,
  stated: Value,
  recomputed: Value,
  show: (value: Value) => string,
): FigureCheck => ({ name, stated: show(stated), recomputed: show(recomputed) });

export const isRight = ({ stated, recomputed }: FigureCheck): boolean => recomputed === null || stated === recomputed;

/** How many figures were recomputed, and which of them differ. */
export function verdictOf({ checks }: Verification): { readonly compared: number; readonly wrong: number } {
  const recomputed = checks.filter((check) => check.recomputed !== null);
  return { compared: recomputed.length, wrong: recomputed.filter((check) => !isRight(check)).length };
}

/** Decimals of size × price, 1e-16 USD. */
const entryValueDecimals = QUOTE_DECIMALS + String(ENTRY_VALUE_PER_QUOTE).length - 1;

export const exact = {
  usd: (value: bigint): string => `${formatDecimal(value, PRICE_DECIMALS)} USD`,
  usdc: (value: bigint): string => `${formatDecimal(value, QUOTE_DECIMALS)} USDC`,
  size: (value: bigint): string => formatDecimal(value, SIZE_DECIMALS),
  entry: (value: bigint): string => `${formatDecimal(value, entryValueDecimals)} USD`,
  second: (value: bigint): string => new Date(Number(value) * 1_000).toISOString().replace('.000Z', 'Z'),
} as const;

const sums = ({ fundingSum, borrowSum }: PositionState): string => `${fundingSum} / ${borrowSum}`;
const sided = ({ side, size }: PositionState): string =>
  size === 0n ? '0' : `${texts.common[side]} ${exact.size(size)}`;

/** Every field of the position that an event left. */
export const positionChecks = (stated: PositionState, recomputed: PositionState): FigureCheck[] => [
  compared('sizeAfter', stated, recomputed, sided),
  compared('entryAfter', stated, recomputed, ({ entryValue }) => exact.entry(entryValue)),
  compared('marginAfter', stated, recomputed, ({ margin }) => exact.usdc(margin)),
  compared('reserveAfter', stated, recomputed, ({ reserve }) => exact.usdc(reserve)),
  compared('sumsAfter', stated, recomputed, sums),
];
