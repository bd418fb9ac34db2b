/**
 * Amounts for the screen: fixed decimals, grouped thousands, a stated rounding. Exact text for the wire is `formatDecimal`.
 */
import { formatDecimal } from './decimal.ts';
import { divCeil, divFloor, divRound, divTrunc } from './divide.ts';

/** How digits that are not shown are dropped. */
export type DisplayRounding = 'floor' | 'ceil' | 'trunc' | 'nearest';

export interface DisplayOptions {
  /** Decimals shown, always all of them, so that columns align. */
  readonly places: number;
  /** Default `nearest`. Balances round down and debts up, so that the screen never promises what is not there. */
  readonly rounding?: DisplayRounding;
  /** Default `,`; empty for none. */
  readonly group?: string;
  /** Default `.`. */
  readonly point?: string;
  /** Put `+` before positive amounts (profit and loss). */
  readonly plus?: boolean;
}

const DIVIDE: Record<DisplayRounding, (a: bigint, b: bigint) => bigint> = {
  floor: divFloor,
  ceil: divCeil,
  trunc: divTrunc,
  nearest: divRound,
};

/** Value with `decimals` decimals as display text: (1234567890n, 6, {places: 2}) is "1,234.57". Never writes "-0.00". */
export function displayDecimal(value: bigint, decimals: number, options: DisplayOptions): string {
  const { places, rounding = 'nearest', group = ',', point = '.', plus = false } = options;
  const shown =
    places >= decimals
      ? value * 10n ** BigInt(places - decimals)
      : DIVIDE[rounding](value, 10n ** BigInt(decimals - places));
  const digits = (shown < 0n ? -shown : shown).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, group);
  const fraction = digits.slice(digits.length - places);
  const signText = shown < 0n ? '-' : plus && shown > 0n ? '+' : '';
  return `${signText}${whole}${places === 0 ? '' : point + fraction}`;
}

/** Every digit of a value and no zeros at the end, thousands grouped: (12345500000n, 6) is "12,345.5". Text of what is signed. */
export function displayExact(value: bigint, decimals: number): string {
  const places = formatDecimal(value, decimals).split('.')[1]?.length ?? 0;
  return displayDecimal(value, decimals, { places });
}

/** Ratio a / b in percent with `places` decimals: (1n, 3n, 2) is "33.33%". A ratio by 0 is "–". */
export function displayPercent(a: bigint, b: bigint, places: number, plus = false): string {
  if (b === 0n) return '–';
  return `${displayDecimal(divRound(a * 100n * 10n ** BigInt(places), b), places, { places, plus })}%`;
}
