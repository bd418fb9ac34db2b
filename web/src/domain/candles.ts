import { max, min } from '#shared/money/divide.ts';
import type { Price } from '#shared/money/units.ts';
import type { CandleDto } from '#shared/protocol/market.ts';

export const candleIntervals = ['1m', '5m', '15m', '1h'] as const;
export type CandleInterval = (typeof candleIntervals)[number];

const intervalSeconds: Record<CandleInterval, number> = { '1m': 60, '5m': 300, '15m': 900, '1h': 3_600 };

/** Bars kept in memory and shown. */
export const barsMax = 1_500;

export const secondsOf = (interval: CandleInterval): number => intervalSeconds[interval];
export const candleChannel = (interval: CandleInterval): `candles:${CandleInterval}` => `candles:${interval}`;

/** One list in the order of time, each bar once; where both have a bar, `later` is right. */
export function mergeBars(earlier: readonly CandleDto[], later: readonly CandleDto[]): CandleDto[] {
  const byTime = new Map<number, CandleDto>();
  for (const bar of earlier) byTime.set(bar.time, bar);
  for (const bar of later) byTime.set(bar.time, bar);
  return [...byTime.values()].sort((a, b) => a.time - b.time).slice(-barsMax);
}

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
