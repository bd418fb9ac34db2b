import { readFileSync } from 'node:fs';

/** One one-minute bar of the tape. Prices in USD per base unit, volume in base units, `time` in Unix seconds (start). */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The recorded day: for every base asset the same run of consecutive minutes. */
export interface Tape {
  /** Unix seconds of the first bar's start. */
  readonly start: number;
  /** Bars per base asset; all series have the same length. */
  readonly minutes: number;
  readonly bars: ReadonlyMap<string, readonly Bar[]>;
}

export const minuteMs = 60_000;
const columns = 'time,symbol,open,high,low,close,volume';

/** Reads the recorded day. Throws when the file has a gap, a missing asset or an impossible bar. */
export function loadTape(file: URL = new URL('perp-1m-2025-06-12.csv', import.meta.url)): Tape {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  if (header !== columns) throw new Error(`The tape's columns must be ${columns}`);
  const series = new Map<string, Bar[]>();
  for (const line of lines) {
    const { base, bar } = parseLine(line);
    const bars = series.get(base) ?? [];
    bars.push(bar);
    series.set(base, bars);
  }
  return checkedTape(series);
}

function parseLine(line: string): { base: string; bar: Bar } {
  const [time = '', base = '', ...numbers] = line.split(',');
  const [open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = numbers.map(Number);
  const bar = { time: Date.parse(time) / 1000, open, high, low, close, volume };
  const possible = low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close) && volume >= 0;
  if (!possible || !Number.isInteger(bar.time) || base === '') throw new Error(`Impossible bar in the tape: ${line}`);
  return { base, bar };
}

function checkedTape(series: Map<string, Bar[]>): Tape {
  const first = [...series.values()][0]?.[0];
  if (first === undefined) throw new Error('The tape is empty');
  const minutes = [...series.values()][0]?.length ?? 0;
  for (const [base, bars] of series) {
    const consecutive = bars.every((bar, index) => bar.time === first.time + index * 60);
    if (!consecutive || bars.length !== minutes) throw new Error(`The tape's bars of ${base} have a gap`);
  }
  return { start: first.time, minutes, bars: series };
}
