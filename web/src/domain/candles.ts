import { max, min } from '#shared/money/divide.ts';
import type { Price } from '#shared/money/units.ts';
import type { CandleDto } from '#shared/protocol/market.ts';

export const candleIntervals = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type CandleInterval = (typeof candleIntervals)[number];

const intervalSeconds: Record<CandleInterval, number> = {
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '4h': 14_400,
  '1d': 86_400,
};

/** Bars kept in memory: more than the exchange keeps of any interval, so the bound ends no honest scrolling. */
export const barsMax = 5_000;
/** Bars of the first request: a wide screen twice over. */
export const barsFirst = 500;
/** Bars of each older page; the exchange answers at most 1,500 at once. */
export const barsPerPage = 1_000;
/** Older bars are asked for before the trader sees the end of those that are there. */
const barsAheadMin = 60;

export const secondsOf = (interval: CandleInterval): number => intervalSeconds[interval];
export const candleChannel = (interval: CandleInterval): `candles:${CandleInterval}` => `candles:${interval}`;

/** A request of bars, seconds since 1970: `to` exclusive. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

/** The page before the oldest known bar. */
export const pageBefore = (oldestTime: number, interval: CandleInterval): BarRange => ({
  from: Math.max(0, oldestTime - barsPerPage * intervalSeconds[interval]),
  to: oldestTime,
});

/** Whether the screen is close to the oldest bar. `firstOnScreen` counts bars from the oldest one; negative is beyond it. */
export const wantsOlder = (firstOnScreen: number, known: number): boolean =>
  known > 0 && known < barsMax && firstOnScreen < barsAheadMin;

/** One list in the order of time, each bar once; where both have a bar, `later` is right. */
export function mergeBars(earlier: readonly CandleDto[], later: readonly CandleDto[]): CandleDto[] {
  const newest = earlier.at(-1);
  const [first] = later;
  if (newest !== undefined && first !== undefined && isAscending(later) && first.time >= newest.time) {
    // What a stream brings: nothing is sorted again.
    const kept = first.time === newest.time ? earlier.slice(0, -1) : earlier;
    return [...kept, ...later].slice(-barsMax);
  }
  const byTime = new Map<number, CandleDto>();
  for (const bar of earlier) byTime.set(bar.time, bar);
  for (const bar of later) byTime.set(bar.time, bar);
  return [...byTime.values()].sort((a, b) => a.time - b.time).slice(-barsMax);
}

const isAscending = (bars: readonly CandleDto[]): boolean =>
  bars.every((bar, index) => index === 0 || bar.time > (bars[index - 1]?.time ?? 0));

/** The bar of a price's second after that price: the last one grown, or a new one opened at it. Undefined for a price of the past. */
export function barAfterPrice(
  last: CandleDto | undefined,
  price: Price,
  publishTime: number,
  interval: CandleInterval,
): CandleDto | undefined {
  const time = publishTime - (publishTime % intervalSeconds[interval]);
  if (last !== undefined && time < last.time) return undefined;
  if (last === undefined || time > last.time) {
    return { time, open: price, high: price, low: price, close: price, volume: 0n as CandleDto['volume'] };
  }
  return { ...last, high: max(last.high, price), low: min(last.low, price), close: price };
}

/** Index of the last bar that does not begin after a time; −1 where all do. */
export function barIndexAt(bars: readonly { readonly time: number }[], time: number): number {
  let [low, high] = [-1, bars.length - 1];
  while (low < high) {
    const middle = low + Math.floor((high - low + 1) / 2);
    if ((bars[middle]?.time ?? Infinity) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** True when only the newest bar grew or one was added: then the rest need not be drawn again. Bars that did not change are the same objects. */
export function differsAtEndOnly(before: readonly CandleDto[], after: readonly CandleDto[]): boolean {
  const added = after.length - before.length;
  if (before.length === 0 || added < 0 || added > 1) return false;
  return (
    before.slice(0, -1).every((bar, index) => bar === after[index]) &&
    before.at(-1)?.time === after[before.length - 1]?.time
  );
}
