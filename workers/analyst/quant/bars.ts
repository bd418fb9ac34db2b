/** Bars of one length without gaps, joined from shorter ones and ending at one moment for all markets. */
import { barsMax, type QuantCandle } from './contract.ts';

/** Bars in a row that may be missing (no price was heard); they stand still at the last close. A longer silence ends the past there. */
export const silentBarsMax = 5;
/** Bars without a price at the newest end before the price counts as not known. */
const staleBars = 2;

/** What ends a run of bars early, or keeps it from starting. */
type BarsFault = 'none' | 'stale' | 'gap';

/** Consecutive bars of one market, oldest first; the newest ends at the moment that was asked for. */
export interface Bars {
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
  /** `stale`: the newest `staleBars` are silent, so there are none here. `gap`: older ones lie behind a long silence. */
  readonly fault: BarsFault;
}

export interface BarsRequest {
  /** End of the newest bar, milliseconds. */
  readonly endMs: number;
  /** Length of the bars given. */
  readonly candleMs: number;
  /** Length of the bars wanted, a multiple of it. */
  readonly barMs: number;
}

interface OpenBar {
  open: number;
  high: number;
  low: number;
  close: number;
}

const isPrice = (value: number): boolean => Number.isFinite(value) && value > 0;

/** @throws RangeError where bars are no prices, or not in order. */
export function checkCandles(candles: readonly QuantCandle[]): void {
  let before = -Infinity;
  for (const { time_ms, open, high, low, close } of candles) {
    if (!(time_ms > before)) throw new RangeError(`bars are not in order at ${time_ms}`);
    const possible = isPrice(low) && isPrice(high) && low <= Math.min(open, close) && high >= Math.max(open, close);
    if (!possible) throw new RangeError(`the bar of ${time_ms} is impossible`);
    before = time_ms;
  }
}

/**
 * The newest run of bars that end at `endMs` or before, at most `barsMax`. A bar that has not ended then is left out, however much of it
 * is given: an answer depends on nothing after its moment.
 */
export function barsOf(candles: readonly QuantCandle[], { endMs, candleMs, barMs }: BarsRequest): Bars {
  const joined: (OpenBar | undefined)[] = [];
  for (const candle of candles) {
    const candleEnd = candle.time_ms + candleMs;
    if (candleEnd > endMs) break;
    const age = Math.floor((endMs - candleEnd) / barMs);
    if (age >= barsMax) continue;
    joined[age] = withCandle(joined[age], candle);
  }
  return unbroken(joined);
}

function withCandle(bar: OpenBar | undefined, { open, high, low, close }: QuantCandle): OpenBar {
  if (bar === undefined) return { open, high, low, close };
  return { open: bar.open, high: Math.max(bar.high, high), low: Math.min(bar.low, low), close };
}

/** From the oldest bar behind which no long silence lies to the newest; `joined[0]` is the newest. */
function unbroken(joined: readonly (OpenBar | undefined)[]): Bars {
  const newest = joined.findIndex((bar) => bar !== undefined);
  if (newest >= staleBars) return { open: [], high: [], low: [], close: [], fault: 'stale' };
  let silent = 0;
  let length = 0;
  for (let age = 0; age < joined.length && silent <= silentBarsMax; age++) {
    silent = joined[age] === undefined ? silent + 1 : 0;
    if (silent === 0) length = age + 1;
  }
  const columns = { open: [] as number[], high: [] as number[], low: [] as number[], close: [] as number[] };
  let last = 0;
  for (let age = length - 1; age >= 0; age--) {
    const bar = joined[age] ?? { open: last, high: last, low: last, close: last };
    columns.open.push(bar.open);
    columns.high.push(bar.high);
    columns.low.push(bar.low);
    columns.close.push(bar.close);
    last = bar.close;
  }
  return { ...columns, fault: length === joined.length ? 'none' : 'gap' };
}
