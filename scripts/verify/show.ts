import { formatDecimal } from '#shared/money/decimal.ts';
import { ENTRY_VALUE_PER_QUOTE, PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import type { PositionState } from '#shared/perps/types.ts';

/** Decimals of an equity or a maintenance margin, 1e-26 USD. */
const fineDecimals = 26;
/** Decimals of size × price, 1e-16 USD. */
const entryValueDecimals = QUOTE_DECIMALS + String(ENTRY_VALUE_PER_QUOTE).length - 1;

export const usd = (value: bigint): string => `${formatDecimal(value, PRICE_DECIMALS)} USD`;
export const usdc = (value: bigint): string => `${formatDecimal(value, QUOTE_DECIMALS)} USDC`;
export const units = (value: bigint): string => formatDecimal(value, SIZE_DECIMALS);
export const fineUsd = (value: bigint): string => `${formatDecimal(value, fineDecimals)} USD`;
export const entryUsd = (value: bigint): string => `${formatDecimal(value, entryValueDecimals)} USD`;
export const whole = (value: bigint): string => String(value);

/** Seconds since 1970 as a date too. */
export const second = (value: bigint): string => `${value} (${new Date(Number(value) * 1_000).toISOString()})`;

/** Every figure of a position, so that no two positions are shown alike. */
export const position = (state: PositionState): string =>
  [
    state.size === 0n ? `flat (${state.side})` : `${state.side} ${units(state.size)}`,
    ...(state.size === 0n && state.entryValue === 0n ? [] : [`entry value ${entryUsd(state.entryValue)}`]),
    `margin ${usdc(state.margin)}`,
    `reserve ${usdc(state.reserve)}`,
    ...(state.fundingSum === 0n && state.borrowSum === 0n ? [] : [`sums ${state.fundingSum}/${state.borrowSum}`]),
  ].join(', ');
