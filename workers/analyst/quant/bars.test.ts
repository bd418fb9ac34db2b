import { expect, test } from 'vitest';
import { barsOf, checkCandles, silentBarsMax } from './bars.ts';
import { barsMax, type QuantCandle } from './contract.ts';

const candle = (minute: number, open: number, high: number, low: number, close: number): QuantCandle => ({
  time_ms: minute * 60_000,
  open,
  high,
  low,
  close,
  volume: 1,
});
const flat = (minute: number, value: number) => candle(minute, value, value, value, value);
const request = (endMinute: number, barMinutes = 1) => ({
  endMs: endMinute * 60_000,
  candleMs: 60_000,
  barMs: barMinutes * 60_000,
});

test('minutes are joined into bars that end at the moment asked for', () => {
  const minutes = [
    candle(0, 9, 9, 9, 9),
    candle(1, 10, 12, 9, 11),
    candle(2, 11, 11, 8, 8),
    candle(3, 8, 9, 7, 9),
    candle(4, 9, 15, 9, 14),
  ];
  expect(barsOf(minutes, request(5, 2))).toEqual({
    open: [9, 10, 8],
    high: [9, 12, 15],
    low: [9, 8, 7],
    close: [9, 8, 14],
    fault: 'none',
  });
});

test('a bar that has not ended is left out, whatever it holds', () => {
  const minutes = [flat(0, 10), flat(1, 11), flat(2, 99)];
  expect(barsOf(minutes, { ...request(2), endMs: 2 * 60_000 + 59_999 }).close).toEqual([10, 11]);
});

test('a short silence stands still at the last close, a long one ends the past', () => {
  const short = [flat(0, 10), flat(1 + silentBarsMax, 12)];
  expect(barsOf(short, request(2 + silentBarsMax))).toMatchObject({
    close: [...new Array<number>(silentBarsMax + 1).fill(10), 12],
    fault: 'none',
  });
  const long = [flat(0, 10), flat(2 + silentBarsMax, 12)];
  expect(barsOf(long, request(3 + silentBarsMax))).toMatchObject({ close: [12], fault: 'gap' });
});

test('prices that stopped coming are no prices of now', () => {
  const minutes = [flat(0, 10), flat(1, 11)];
  expect(barsOf(minutes, request(3))).toMatchObject({ close: [10, 11, 11], fault: 'none' });
  expect(barsOf(minutes, request(4))).toMatchObject({ close: [], fault: 'stale' });
});

test('no more than the newest bars are looked at', () => {
  const minutes = Array.from({ length: barsMax + 7 }, (_, minute) => flat(minute, minute + 1));
  const { close } = barsOf(minutes, request(barsMax + 7));
  expect([close.length, close[0], close.at(-1)]).toEqual([barsMax, 8, barsMax + 7]);
});

test('bars out of order and impossible ones are refused', () => {
  const refusals: QuantCandle[][] = [
    [flat(1, 10), flat(1, 10)],
    [flat(2, 10), flat(1, 10)],
    [candle(0, 10, 9, 8, 9)],
    [candle(0, 10, 12, 11, 12)],
    [flat(0, 0)],
    [flat(0, NaN)],
    [flat(0, Infinity)],
    [flat(NaN, 1)],
  ];
  for (const minutes of refusals) expect(() => checkCandles(minutes)).toThrow(RangeError);
  expect(() => checkCandles([flat(0, 10), flat(1, 10)])).not.toThrow();
});
