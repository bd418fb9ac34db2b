import { expect, test } from 'vitest';
import { loadTape } from '../../local/tape/tape.ts';
import { barsOf } from '../../workers/analyst/quant/bars.ts';
import { correlationAt, marketSeries } from '../../workers/analyst/quant/features.ts';
import { indicatorsOf } from '../../workers/analyst/quant/indicators.ts';
import { volatilitySeries } from '../../workers/analyst/quant/volatility.ts';

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
