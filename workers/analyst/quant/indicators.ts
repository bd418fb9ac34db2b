/** Indicators over the bars of a market, one value per bar; NaN while an indicator has seen too few bars. */
import { ATR, BollingerBands, EMA, MACD, RSI } from 'trading-signals';
import type { Bars } from './bars.ts';

/** Bars of the indicators: the values their inventors gave them (Wilder 1978, Appel 1979, Bollinger 1992). */
const indicatorBars = { rsi: 14, atr: 14, fast: 12, slow: 26, signal: 9, bollinger: 20 } as const;

/** Bollinger's bands lie two standard deviations from the middle. */
const bandDeviations = 2;

export interface Indicators {
  /** Wilder's relative strength index, 0 to 100. */
  readonly rsi: readonly number[];
  /** Wilder's average true range, in USD. */
  readonly atr: readonly number[];
  /** Exponential moving average of the fast and of the slow length, in USD. */
  readonly emaFast: readonly number[];
  readonly emaSlow: readonly number[];
  /** MACD minus its signal line, in USD. */
  readonly macdHistogram: readonly number[];
  /** Standard deviations that the close lies above the middle of Bollinger's bands. */
  readonly bollingerZ: readonly number[];
}

export function indicatorsOf(bars: Bars): Indicators {
  const { rsi, atr, fast, slow, signal, bollinger } = indicatorBars;
  const relativeStrength = new RSI(rsi);
  const trueRange = new ATR(atr);
  const [emaFast, emaSlow] = [new EMA(fast), new EMA(slow)];
  const macd = new MACD(new EMA(fast), new EMA(slow), new EMA(signal));
  const bands = new BollingerBands(bollinger, bandDeviations);
  const series = { rsi: [], atr: [], emaFast: [], emaSlow: [], macdHistogram: [], bollingerZ: [] } as {
    [name in keyof Indicators]: number[];
  };
  for (const [index, close] of bars.close.entries()) {
    const [high = close, low = close] = [bars.high[index], bars.low[index]];
    series.rsi.push(relativeStrength.add(close) ?? NaN);
    series.atr.push(trueRange.add({ high, low, close }) ?? NaN);
    series.emaFast.push(stable(emaFast, emaFast.add(close)));
    series.emaSlow.push(stable(emaSlow, emaSlow.add(close)));
    series.macdHistogram.push(macd.add(close)?.histogram ?? NaN);
    series.bollingerZ.push(deviations(close, bands.add(close)));
  }
  return series;
}

const stable = (average: EMA, value: number | null): number => (average.isStable ? (value ?? NaN) : NaN);

/** Part of the price below which a deviation is the rounding of floats. */
const rounding = 1e-10;

/** 0 where the price stood still: it lies on the middle. */
function deviations(close: number, band: { upper: number; middle: number } | null): number {
  if (band === null) return NaN;
  const deviation = (band.upper - band.middle) / bandDeviations;
  return deviation > close * rounding ? (close - band.middle) / deviation : 0;
}
