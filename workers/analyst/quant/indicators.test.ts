import { expect, test } from 'vitest';
import { type Bars, barsOf } from './bars.ts';
import type { QuantCandle } from './contract.ts';
import { indicatorsOf } from './indicators.ts';
import { beginMs, minuteMs, walk } from './testing.ts';
import { volatilitySeries } from './volatility.ts';

const barsOfWalk = (candles: readonly QuantCandle[]): Bars =>
  barsOf(candles, { endMs: beginMs + candles.length * minuteMs, candleMs: minuteMs, barMs: minuteMs });

test('nothing is given before an indicator has seen enough bars', () => {
  const bars = barsOfWalk(walk({ seed: 3, bars: 120 }));
  const { rsi, atr, emaSlow, bollingerZ } = indicatorsOf(bars);
  const firstKnown = (series: readonly number[]) => series.findIndex((value) => !Number.isNaN(value));
  expect([rsi, atr, emaSlow, bollingerZ, volatilitySeries(bars)].map(firstKnown)).toEqual([14, 13, 25, 19, 48]);
});

test('the volatility of a walk is found, and a drift does not raise it', () => {
  for (const [sigma, drift] of [
    [0.001, 0],
    [0.004, 0],
    [0.001, 0.0005],
  ] as const) {
    const candles = walk({ seed: 11, bars: 1_000, sigma, drift });
    const known = volatilitySeries(barsOfWalk(candles)).filter(Number.isFinite);
    const variance = known.reduce((total, value) => total + value ** 2, 0) / known.length;
    // Extremes between the 30 steps of a bar are not seen, so the ranges are somewhat short.
    expect(Math.sqrt(variance) / sigma).toBeGreaterThan(0.85);
    expect(Math.sqrt(variance) / sigma).toBeLessThan(1.05);
  }
});
