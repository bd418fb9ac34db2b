import { expect, test } from 'vitest';
import { assess } from './assess.ts';
import { barsOf } from './bars.ts';
import type { QuantCandle } from './contract.ts';
import { featureSeries, marketSeries } from './features.ts';
import { beginMs, inputAt, minuteMs, walk } from './testing.ts';
import { learn } from './walk-forward.ts';

const bars = 1_500;
const figureOf = (answer: ReturnType<typeof assess>, id: string): number =>
  Number(answer.figures.find((figure) => figure.id === id)?.value);

/** Answers about made-up markets at three moments each, with what came of them. */
function answers(seeds: number, edge: number) {
  return Array.from({ length: seeds }, (_, index) => walk({ seed: 1_000 + index, bars, edge, sigma: 0.002 })).flatMap(
    (candles) =>
      [1_000, 1_240, bars - 16].map((at) => {
        const answer = assess(inputAt(candles, at));
        const move = (candles[at + 15]?.close ?? NaN) / (candles[at]?.close ?? NaN) - 1;
        return { answer, move, probability: answer.probability_up_bps / 10_000, base: answer.base_rate_bps / 10_000 };
      }),
  );
}

test('what is learnt at a bar is the same whatever comes after it', () => {
  const [seen, turn, horizonBars] = [walk({ seed: 4, bars: 400 }), 250, 15];
  const marketOf = (candles: readonly QuantCandle[]) => {
    const series = marketSeries(
      'SOL-PERP',
      barsOf(candles, { endMs: beginMs + 400 * minuteMs, candleMs: minuteMs, barMs: minuteMs }),
      horizonBars,
    );
    return { close: series.bars.close, features: featureSeries(series, []) };
  };
  const whole = marketOf(seen);
  const learnt = (close: readonly number[], known: number) =>
    learn({ own: { ...whole, close }, others: [{ ...whole, close }], relation: 0.5, horizonBars }, known);
  const changed = whole.close.map((value, index) => (index > turn ? 200 - value : value));
  expect(learnt(changed, turn)).toEqual(learnt(whole.close, turn));
  expect(learnt(changed, turn + 1)).not.toEqual(learnt(whole.close, turn + 1));
});

test('where nothing can be foreseen the probability stays at the base rate, and nothing is traded', () => {
  const all = answers(40, 0);
  const known = all.filter(({ answer, probability, base }) => {
    return Math.abs(probability - base) * 100 > figureOf(answer, 'error');
  });
  // Errors are at 95 %, and only one side of them lets anything be claimed.
  expect(known.length / all.length).toBeLessThan(0.05);
  expect(all.filter(({ answer }) => answer.direction !== 'hold').length / all.length).toBeLessThan(0.02);
  // Weights that had seen the outcomes they are tried on would find skill here.
  expect(all.reduce((sum, { answer }) => sum + figureOf(answer, 'skill'), 0) / all.length).toBeLessThan(20);
  const distances = all.map(({ probability, base }) => Math.abs(probability - base));
  expect(distances.reduce((sum, value) => sum + value, 0) / all.length).toBeLessThan(0.015);
});

test('where something can be foreseen it is found, its probabilities come true, and its trades pay', () => {
  const all = answers(40, 0.35);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const up = (move: number) => (move > 0 ? 1 : 0);
  const brier = mean(all.map(({ probability, move }) => (probability - up(move)) ** 2));
  const brierBase = mean(all.map(({ base, move }) => (base - up(move)) ** 2));
  expect(brier).toBeLessThan(brierBase - 0.01);
  for (const [from, to] of [
    [0, 0.4],
    [0.4, 0.6],
    [0.6, 1],
  ] as const) {
    const inside = all.filter(({ probability }) => probability >= from && probability < to);
    const [forecast, observed] = [mean(inside.map((x) => x.probability)), mean(inside.map((x) => up(x.move)))];
    const luck = 2.6 * Math.sqrt((forecast * (1 - forecast)) / inside.length);
    expect(inside.length).toBeGreaterThan(20);
    expect(Math.abs(observed - forecast)).toBeLessThan(luck);
  }
  const trades = all.filter(({ answer }) => answer.direction !== 'hold');
  expect(trades.length).toBeGreaterThan(20);
  const earned = trades.map(({ answer, move }) => (answer.direction === 'buy' ? move : -move) - 0.0014);
  expect(mean(earned)).toBeGreaterThan(0);
});
