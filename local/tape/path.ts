import { type Bar, minuteMs, type Tape } from './tape.ts';

/** What the path gives at a moment: integers of 1e-8 USD per base unit, as Pyth publishes crypto prices. */
export interface PathPoint {
  readonly price: bigint;
  readonly conf: bigint;
  readonly ema: bigint;
}

/** Half of a quiet market's spread, in parts of the price. */
const confidenceFloorBps = 2;
/** Share of the bar's range added to the confidence interval: a fast minute is an uncertain one. */
const confidenceRangeShare = 0.1;
/** Time constant of the exponential moving average, in minutes of the tape. Pyth's is about one hour. */
const emaMinutes = 60;
/** Levels of the midpoint displacement: 2^7 pieces of a leg of at most a minute are finer than a 400 ms tick. */
const noiseLevels = 7;
/** First displacement in parts of the bar's range, and how much of it each finer level keeps. */
const noiseAmplitude = 0.22;
const noiseDecay = 0.62;
const priceScale = 1e8;

/** A 32-bit mix of integers (the finalizer of MurmurHash3), as a number in [0, 1). */
function hashed(...words: number[]): number {
  let state = 0x9747b28c;
  for (const word of words) {
    state = Math.imul(state ^ word, 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return (state >>> 0) / 0x1_0000_0000;
}

/** A rough line that is 0 at both ends of a leg: midpoint displacement, the same for the same key. */
function displacement(key: readonly number[], position: number): number {
  let [left, right, leftValue, rightValue, node, amplitude] = [0, 1, 0, 0, 1, noiseAmplitude];
  for (let level = 0; level < noiseLevels; level++) {
    const middle = (left + right) / 2;
    const value = (leftValue + rightValue) / 2 + amplitude * (hashed(...key, node) * 2 - 1);
    if (position < middle) [right, rightValue, node] = [middle, value, node * 2];
    else [left, leftValue, node] = [middle, value, node * 2 + 1];
    amplitude *= noiseDecay;
  }
  return leftValue + ((rightValue - leftValue) * (position - left)) / (right - left);
}

/**
 * The price inside one bar, `position` in [0, 1]: from the open over both extremes to the close, rough in between and
 * never outside low…high. The extreme against the bar's direction usually comes first.
 */
function priceInBar(bar: Bar, key: readonly number[], position: number): number {
  const rising = bar.close >= bar.open;
  const lowFirst = hashed(...key, 1) < 0.8 ? rising : !rising;
  const [first, second] = lowFirst ? [bar.low, bar.high] : [bar.high, bar.low];
  const firstAt = 0.1 + 0.35 * hashed(...key, 2);
  const secondAt = 0.55 + 0.35 * hashed(...key, 3);
  const points = [
    [0, bar.open],
    [firstAt, first],
    [secondAt, second],
    [1, bar.close],
  ] as const;
  const leg = position < firstAt ? 0 : position < secondAt ? 1 : 2;
  const [[fromAt, from], [toAt, to]] = [points[leg] ?? points[0], points[leg + 1] ?? points[3]];
  const share = (position - fromAt) / (toAt - fromAt);
  const rough = (bar.high - bar.low) * (toAt - fromAt) * displacement([...key, 10 + leg], share);
  return Math.min(bar.high, Math.max(bar.low, from + (to - from) * share + rough));
}

/**
 * A continuous price for one asset over unlimited time. Position 0 is the tape's first minute; at the tape's end time
 * runs backwards through it and forwards again, so that the price never jumps. The same seed gives the same path.
 */
export class PricePath {
  readonly #bars: readonly Bar[];
  readonly #key: readonly number[];
  readonly #lengthMs: number;
  /** The average at the start of the minute last asked for: moving on by a minute is one step. */
  #emaMinute = 0;
  #emaValue: number;

  constructor(tape: Tape, base: string, seed: number) {
    const bars = tape.bars.get(base);
    const opening = bars?.[0];
    if (bars === undefined || opening === undefined) throw new Error(`The tape has no bars of ${base}`);
    this.#bars = bars;
    this.#key = [seed, ...Buffer.from(base)];
    this.#lengthMs = tape.minutes * minuteMs;
    this.#emaValue = opening.open;
  }

  /** The point at `positionMs` milliseconds of tape time (≥ 0) after the tape's first minute. */
  at(positionMs: number): PathPoint {
    const price = this.#price(positionMs);
    const minute = Math.floor(positionMs / minuteMs);
    const average = this.#emaAtMinute(minute);
    const elapsed = positionMs / minuteMs - minute;
    const ema = average + (price - average) * (1 - Math.exp(-elapsed / emaMinutes));
    const { high, low } = this.#bar(positionMs).bar;
    const conf = (price * confidenceFloorBps) / 10_000 + (high - low) * confidenceRangeShare;
    return { price: scaled(price), conf: scaled(conf), ema: scaled(ema) };
  }

  /** The recorded bars that end at or before `positionMs`, oldest first: the chart's past. At most the whole tape. */
  barsBefore(positionMs: number): readonly Bar[] {
    const minutes = Math.min(this.#bars.length, Math.max(0, Math.floor(positionMs / minuteMs)));
    return this.#bars.slice(0, minutes);
  }

  #bar(positionMs: number): { bar: Bar; index: number; within: number } {
    const folded = positionMs % (2 * this.#lengthMs);
    const place = folded < this.#lengthMs ? folded : 2 * this.#lengthMs - folded;
    const index = Math.min(this.#bars.length - 1, Math.floor(place / minuteMs));
    const bar = this.#bars[index];
    if (bar === undefined) throw new Error('A position lies outside the tape');
    return { bar, index, within: Math.min(1, place / minuteMs - index) };
  }

  #price(positionMs: number): number {
    const { bar, index, within } = this.#bar(positionMs);
    return priceInBar(bar, [...this.#key, index], within);
  }

  #emaAtMinute(minute: number): number {
    if (minute < this.#emaMinute) [this.#emaMinute, this.#emaValue] = [0, this.#price(0)];
    const keep = Math.exp(-1 / emaMinutes);
    for (; this.#emaMinute < minute; this.#emaMinute++) {
      const close = this.#price((this.#emaMinute + 1) * minuteMs);
      this.#emaValue = close + (this.#emaValue - close) * keep;
    }
    return this.#emaValue;
  }
}

/** USD to integers of 1e-8 USD, never below one. */
function scaled(usd: number): bigint {
  return BigInt(Math.max(1, Math.round(usd * priceScale)));
}
