/**
 * What the probability is made of: four scores of a market at each bar, each about one in size, each known when that bar ends
 * (docs/analyst.md).
 */
import type { Bars } from './bars.ts';
import { type Indicators, indicatorsOf } from './indicators.ts';
import { clamp, correlation, mean } from './statistics.ts';
import { volatilitySeries } from './volatility.ts';

export const featureNames = ['trend', 'reversion', 'acceleration', 'catch_up'] as const;
/** The scores of one bar, in the order of `featureNames`. */
export type Features = readonly number[];

/** Bars of a correlation between markets. */
export const correlationBars = 48;
/** A score says no more than this many of its units: an outlier must not decide alone. */
const scoreMax = 3;
/** Points of the relative strength index that count as one. */
const rsiUnit = 12.5;
/** Parts of an average true range that count as one, of MACD's histogram. */
const histogramUnit = 0.25;

/** A market's bars and what is computed from them, one value per bar. */
export interface MarketSeries {
  readonly symbol: string;
  readonly bars: Bars;
  readonly indicators: Indicators;
  /** Volatility of one bar. */
  readonly volatility: readonly number[];
  /** Log return of each bar; 0 for the first. */
  readonly returns: readonly number[];
  /** Log return over the last horizon, in standard deviations of such a move; NaN before it is known. */
  readonly momentum: readonly number[];
}

/** `horizonBars`: length of the horizon in bars. */
export function marketSeries(symbol: string, bars: Bars, horizonBars: number): MarketSeries {
  const volatility = volatilitySeries(bars);
  const { close } = bars;
  const returns = close.map((value, index) => Math.log(value / (close[index - 1] ?? value)));
  const momentum = close.map((value, index) => {
    const sigma = (volatility[index] ?? NaN) * Math.sqrt(horizonBars);
    const move = Math.log(value / (close[index - horizonBars] ?? NaN));
    return sigma > 0 ? move / sigma : NaN;
  });
  return { symbol, bars, indicators: indicatorsOf(bars), volatility, returns, momentum };
}

/** Bars of `other` that `own` has too: both end at the same moment, so bar i of one is bar i + shift of the other. */
const shiftTo = (own: MarketSeries, other: MarketSeries): number => other.returns.length - own.returns.length;

/** Correlation of the returns of two markets over the `correlationBars` up to bar `index` of the first; NaN where one has too few. */
export function correlationAt(own: MarketSeries, other: MarketSeries, index: number): number {
  const shift = shiftTo(own, other);
  // The first bar of a series has no return.
  const from = index + 1 - correlationBars;
  if (from < 1 || from + shift < 1) return NaN;
  return correlation(own.returns, other.returns, { fromA: from, fromB: from + shift, count: correlationBars });
}

/**
 * The scores of every bar; null where one is not known yet, or the price stood still.
 *
 * - trend: the fast average above the slow one in true ranges, and the last horizon's move in standard deviations; their mean.
 * - reversion: how far the price lies below the middle of its bands, and the strength index below 50; their mean.
 * - acceleration: MACD's histogram in true ranges.
 * - catch_up: how much further the other markets went over the last horizon, by their correlation; 0 without other markets.
 */
export function featureSeries(own: MarketSeries, others: readonly MarketSeries[]): (Features | null)[] {
  return own.bars.close.map((_, index) => {
    const { rsi, atr, emaFast, emaSlow, macdHistogram, bollingerZ } = own.indicators;
    const at = (values: readonly number[]): number => values[index] ?? NaN;
    const range = at(atr);
    if (!(range > 0)) return null;
    const trend = (score((at(emaFast) - at(emaSlow)) / range) + score(at(own.momentum))) / 2;
    const reversion = (score(-at(bollingerZ)) + score((50 - at(rsi)) / rsiUnit)) / 2;
    const acceleration = score(at(macdHistogram) / range / histogramUnit);
    const features = [trend, reversion, acceleration, catchUp(own, others, index)];
    return features.every(Number.isFinite) ? features : null;
  });
}

const score = (value: number): number => clamp(value, -scoreMax, scoreMax);

function catchUp(own: MarketSeries, others: readonly MarketSeries[], index: number): number {
  const gaps = others.flatMap((other) => {
    const related = correlationAt(own, other, index);
    const gap = (other.momentum[index + shiftTo(own, other)] ?? NaN) - (own.momentum[index] ?? NaN);
    return Number.isFinite(related) && Number.isFinite(gap) ? [related * gap] : [];
  });
  return score(mean(gaps));
}
