import { expect, test } from 'vitest';
import { loadTape } from '../../../local/tape/tape.ts';
import { barsOf } from './bars.ts';
import { correlationAt, marketSeries } from './features.ts';
import { indicatorsOf } from './indicators.ts';
import { walk } from './testing.ts';
import { volatilitySeries } from './volatility.ts';

const tape = loadTape();
/** The first 120 minutes of the tape. */
function tapeBars(base: string) {
  const candles = (tape.bars.get(base) ?? []).map((bar) => ({ ...bar, time_ms: bar.time * 1_000 }));
  return barsOf(candles, { endMs: (tape.start + 120 * 60) * 1_000, candleMs: 60_000, barMs: 60_000 });
}

test('indicators of the tape are those computed from their definitions elsewhere', () => {
  // Wilder's, Appel's and Bollinger's formulas, written in Python without a library of indicators.
  const { rsi, atr, emaFast, emaSlow, macdHistogram, bollingerZ } = indicatorsOf(tapeBars('SOL'));
  const newest = [rsi, atr, emaFast, emaSlow, macdHistogram, bollingerZ].map((series) => series.at(-1));
  const elsewhere = [
    53.03853211799646, 0.22235730518021765, 158.6047559429568, 158.62212840060147, -0.02850263194961073,
    0.10983044284772761,
  ];
  for (const [index, value] of elsewhere.entries()) expect(newest[index]).toBeCloseTo(value, 9);
});

test('volatility and correlation of the tape are those computed elsewhere', () => {
  expect(volatilitySeries(tapeBars('SOL')).at(-1)).toBeCloseTo(0.0008405397763377254, 12);
  const [sol, btc] = ['SOL', 'BTC'].map((base) => marketSeries(base, tapeBars(base), 15));
  expect(sol && btc && correlationAt(sol, btc, 119)).toBeCloseTo(0.9023525112810198, 12);
});

test('nothing is given before an indicator has seen enough bars', () => {
  const bars = tapeBars('SOL');
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
    const endMs = (candles.at(-1)?.time_ms ?? 0) + 60_000;
    const known = volatilitySeries(barsOf(candles, { endMs, candleMs: 60_000, barMs: 60_000 })).filter(Number.isFinite);
    const variance = known.reduce((total, value) => total + value ** 2, 0) / known.length;
    // Extremes between the 30 steps of a bar are not seen, so the ranges are somewhat short.
    expect(Math.sqrt(variance) / sigma).toBeGreaterThan(0.85);
    expect(Math.sqrt(variance) / sigma).toBeLessThan(1.05);
  }
});
