import { formatDecimal } from '#shared/money/decimal.ts';
import { divRound } from '#shared/money/divide.ts';
import { displayDecimal, displayPercent, type DisplayRounding } from '#shared/money/format.ts';
import {
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  SIZE_DECIMALS,
  type Price,
  type Quote,
  type Size,
} from '#shared/money/units.ts';

import { texts } from '../i18n/index.ts';

/** What stands where a figure is not known. */
export const unknownFigure = '–';

/** A real minus is as wide as a plus, so signed columns align. */
const typographic = (text: string): string => text.replace('-', '−');

export interface AmountStyle {
  /** Writes `+` before gains. */
  readonly plus?: boolean;
  readonly places?: number;
  readonly rounding?: DisplayRounding;
}

let pricePlacesMin = (): number => 0;

/** Shows prices with at least this many decimals from now on: a preference. Read at every formatting, so it may be reactive. */
export const showPricePlaces = (placesMin: () => number): void => {
  pricePlacesMin = placesMin;
};

export const formatPrice = (price: Price | bigint, places: number): string =>
  typographic(displayDecimal(price, PRICE_DECIMALS, { places: Math.max(places, pricePlacesMin()) }));

/** A size that is sent, held or traded: every digit of it, and at least the market's. */
export function formatSize(size: Size | bigint, placesMin: number): string {
  const digits = formatDecimal(size, SIZE_DECIMALS).split('.')[1]?.length ?? 0;
  return typographic(displayDecimal(size, SIZE_DECIMALS, { places: Math.max(placesMin, digits) }));
}

/** A sum of many sizes (volume, open interest) in the market's digits. */
export const formatSizeSum = (size: Size | bigint, places: number): string =>
  typographic(displayDecimal(size, SIZE_DECIMALS, { places }));

/** USDC to the cent unless told otherwise. */
export function formatQuote(quote: Quote | bigint, style: AmountStyle = {}): string {
  const { plus = false, places = 2, rounding = 'nearest' } = style;
  return typographic(displayDecimal(quote, QUOTE_DECIMALS, { places, plus, rounding }));
}

const compactSteps = [
  { from: 10n ** 15n, unit: 'B', decimals: 15 },
  { from: 10n ** 12n, unit: 'M', decimals: 12 },
  { from: 10n ** 10n, unit: 'K', decimals: 9 },
] as const;

/** Large USDC amounts, shortened: 1.24M. */
export function formatCompactQuote(quote: Quote | bigint): string {
  const magnitude = quote < 0n ? -quote : quote;
  const step = compactSteps.find((candidate) => magnitude >= candidate.from);
  if (step === undefined) return formatQuote(quote, { places: 0 });
  return `${typographic(displayDecimal(quote, step.decimals, { places: 2 }))}${step.unit}`;
}

/** a / b in percent; `plus` marks gains. */
export const formatShare = (a: bigint, b: bigint, places = 2, plus = false): string =>
  typographic(displayPercent(a, b, places, plus));

/** a / b in basis points with one decimal: the price impact of an order. */
export const formatBps = (a: bigint, b: bigint): string =>
  b === 0n ? unknownFigure : typographic(displayDecimal(divRound(a * 100_000n, b), 1, { places: 1 }));

/** A rate per hour (1e-9) as percent with five decimals: a hundredth of a basis point is worth seeing. */
export const formatHourlyRate = (rate: bigint, signed = true): string =>
  `${typographic(displayDecimal(rate, 7, { places: 5, plus: signed }))}%`;

/** Hundredths as "20×" or "12.5×". */
export function formatLeverage(leverageE2: bigint): string {
  return `${displayDecimal(leverageE2, 2, { places: 2 }).replace(/\.?0+$/, '')}×`;
}

/** A formatter that is made when it is first asked: making one takes a slow machine a tenth of a second. What shows at once does without. */
export function lateFormat(locale: string, options: Intl.DateTimeFormatOptions): (at: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (at) => (format ??= new Intl.DateTimeFormat(locale, options)).format(at);
}

const two = (part: number): string => String(part).padStart(2, '0');
const monthOf = (month: number): string => texts.common.months[month] ?? '';

/** The trader's own clock: 23:05:09. */
export const formatClock = (at: Date): string => [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
/** The trader's own day and clock: 04 Nov 23:05:09. */
export const formatDateTime = (at: Date): string => `${two(at.getDate())} ${monthOf(at.getMonth())} ${formatClock(at)}`;
/** Nov */
export const formatMonth = (at: Date): string => monthOf(at.getMonth());
/** 4 Nov */
export const formatDay = (at: Date): string => `${at.getDate()} ${formatMonth(at)}`;
/** The day as UTC counts them: 4 Nov */
export const formatUtcDay = (at: Date): string => `${at.getUTCDate()} ${monthOf(at.getUTCMonth())}`;
/** 04 Nov 2026 */
export const formatUtcDate = (at: Date): string =>
  `${two(at.getUTCDate())} ${monthOf(at.getUTCMonth())} ${at.getUTCFullYear()}`;

/** First and last characters of an address or a signature. */
export const shortKey = (key: string, keep = 4): string =>
  key.length <= 2 * keep + 1 ? key : `${key.slice(0, keep)}…${key.slice(-keep)}`;

/** Direction of a figure, for its colour and arrow. */
export type Direction = 'up' | 'down' | 'flat';
export const directionOf = (value: bigint): Direction => (value > 0n ? 'up' : value < 0n ? 'down' : 'flat');

/** Only pixels may be floats: the chart's axis and bars. */
export const toPixels = (value: bigint, decimals: number): number => Number(value) / 10 ** decimals;
