/** Markets made up for tests: seeded, so that every run sees the same. */
import type { QuantCandle, QuantInput } from './contract.ts';

export const minuteMs = 60_000;
/** Where made-up markets begin: the start of a day. */
export const beginMs = 1_699_920_000_000;

/** Uniform numbers in [0, 1): mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Standard normal numbers (Box & Muller 1958). */
function normalOf(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface WalkOptions {
  readonly seed: number;
  readonly bars: number;
  /** Standard deviation of a bar's log return. */
  readonly sigma?: number;
  /** Log return that each bar has beside chance. */
  readonly drift?: number;
  /** Strength of a trend that comes and goes over about 30 bars, in standard deviations of a bar. 0: nothing can be foreseen. */
  readonly edge?: number;
}

const stepsPerBar = 30;
const trendKept = 0.97;

/** One-minute bars of a random walk from 100 USD, with or without something in it that can be foreseen. */
export function walk({ seed, bars, sigma = 0.001, drift = 0, edge = 0 }: WalkOptions): QuantCandle[] {
  const normal = normalOf(randomOf(seed));
  let [value, trend] = [Math.log(100), 0];
  return Array.from({ length: bars }, (_, index) => {
    trend = trendKept * trend + Math.sqrt(1 - trendKept ** 2) * normal();
    const open = value;
    let [high, low] = [value, value];
    for (let step = 0; step < stepsPerBar; step++) {
      value += (drift + edge * sigma * trend) / stepsPerBar + (sigma * normal()) / Math.sqrt(stepsPerBar);
      [high, low] = [Math.max(high, value), Math.min(low, value)];
    }
    const [o, h, l, c] = [open, high, low, value].map(Math.exp) as [number, number, number, number];
    return { time_ms: beginMs + index * minuteMs, open: o, high: h, low: l, close: c, volume: 0 };
  });
}

/** Asks about `candles` at the end of bar `index`; the bars after it are handed over too. */
export function inputAt(candles: readonly QuantCandle[], index: number, changes: Partial<QuantInput> = {}): QuantInput {
  return {
    symbol: 'SOL-PERP',
    horizon: '15m',
    now_ms: beginMs + (index + 1) * minuteMs,
    candles,
    others: {},
    spread_bps: 2,
    fee_bps_per_side: 6,
    ...changes,
  };
}
