/** How much a price moves, from bars. */
import type { Bars } from './bars.ts';

/** Bars of one estimate. */
const volatilityBars = 48;

/**
 * Volatility of one bar (standard deviation of its log return) over the last `volatilityBars` up to each bar; NaN before there are enough.
 * The estimator is Yang & Zhang's (2000, "Drift-independent volatility estimation based on high, low, open, and close prices", Journal
 * of Business 73): a drift does not raise it, jumps between bars count, and it needs a fraction of the bars that closes alone need.
 * σ² = σ²(open after close) + k·σ²(close after open) + (1 − k)·σ²(Rogers–Satchell), k = 0.34 / (1.34 + (n + 1)/(n − 1)).
 */
export function volatilitySeries(bars: Bars): number[] {
  const n = volatilityBars;
  const weight = 0.34 / (1.34 + (n + 1) / (n - 1));
  const jumps: number[] = [];
  const bodies: number[] = [];
  const ranges: number[] = [];
  return bars.close.map((close, index) => {
    const [open = NaN, high = NaN, low = NaN] = [bars.open[index], bars.high[index], bars.low[index]];
    jumps.push(Math.log(open / (bars.close[index - 1] ?? open)));
    bodies.push(Math.log(close / open));
    ranges.push(Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open));
    // The first bar has no close before it.
    if (index < n) return NaN;
    const [jump, body, rogersSatchell] = [moments(jumps, n), moments(bodies, n), moments(ranges, n).mean];
    return Math.sqrt(jump.variance + weight * body.variance + (1 - weight) * rogersSatchell);
  });
}

/** Mean and sample variance of the last `count` values. */
function moments(values: readonly number[], count: number): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (let index = values.length - count; index < values.length; index++) sum += values[index] ?? NaN;
  const mean = sum / count;
  for (let index = values.length - count; index < values.length; index++)
    squares += ((values[index] ?? NaN) - mean) ** 2;
  return { mean, variance: squares / (count - 1) };
}

/** Mean size of a move whose standard deviation is `sigma`, if it is normal: σ·√(2/π). */
export const meanMove = (sigma: number): number => sigma * Math.sqrt(2 / Math.PI);
