import { inject, describe, expect, it } from 'vitest';
import { marketOf } from '#shared/markets.ts';
import { CandleHistory, readHistory } from '../../../workers/market/candle-history.ts';
import { Candles, CANDLES_TABLE } from '../../../workers/market/candles.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { withStorage } from './with-storage.ts';

const withCandles = <T>(body: (candles: Candles, storage: DurableObjectStorage) => T | Promise<T>): Promise<T> =>
  withStorage((storage) => {
    migrate(storage, [CANDLES_TABLE]);
    return body(new Candles(storage), storage);
  });

const day = 86_400;
const all = { fromSeconds: 0, toSeconds: Number.MAX_SAFE_INTEGER };

describe('Candles', () => {
  it('every interval is made of the same ticks', () =>
    withCandles((candles) => {
      for (const [time, price] of [
        [day, 100n],
        [day + 59, 130n],
        [day + 60, 90n],
        [day + 301, 110n],
      ] as const) {
        candles.tick(time, price);
      }
      expect(candles.list({ interval: '1m', ...all })).toMatchObject([
        { time: day, open: 100n, high: 130n, low: 100n, close: 130n },
        { time: day + 60, open: 90n, high: 90n, low: 90n, close: 90n },
        { time: day + 300, open: 110n, close: 110n },
      ]);
      expect(candles.list({ interval: '5m', ...all })).toMatchObject([
        { time: day, open: 100n, high: 130n, low: 90n, close: 90n },
        { time: day + 300, close: 110n },
      ]);
      for (const interval of ['15m', '1h', '4h', '1d'] as const) {
        expect(candles.list({ interval, ...all })).toMatchObject([
          { time: day, open: 100n, high: 130n, low: 90n, close: 110n },
        ]);
      }
    }));

  it('what was flushed survives a restart, and the running bar goes on', () =>
    withCandles((candles, storage) => {
      candles.tick(day, 100n);
      candles.tick(day + 1, 140n);
      candles.flush();
      const restarted = new Candles(storage);
      restarted.tick(day + 2, 120n);
      expect(restarted.list({ interval: '1m', ...all })).toMatchObject([{ open: 100n, high: 140n, close: 120n }]);
    }));

  it('a tick of the past changes nothing', () =>
    withCandles((candles) => {
      candles.tick(day + 120, 100n);
      candles.tick(day, 900n);
      expect(candles.list({ interval: '1m', ...all })).toHaveLength(1);
      expect(candles.current('1d')?.high).toBe(100n);
    }));

  it('trades add their volume to the bars of their moment, and to the 24 hours', () =>
    withCandles((candles) => {
      candles.tick(day, 100n);
      candles.tick(day + 600, 105n);
      candles.addVolume(day, 5n, 500n);
      candles.addVolume(day + 600, 7n, 735n);
      expect(candles.list({ interval: '5m', ...all }).map((candle) => candle.volume)).toEqual([5n, 7n]);
      expect(candles.stats(day + 660)).toEqual({
        open24h: 100n,
        high24h: 105n,
        low24h: 100n,
        volumeBase24h: 12n,
        volumeQuote24h: 1_235n,
      });
    }));

  it('bars past their time are forgotten', () =>
    withCandles((candles) => {
      candles.tick(day, 100n);
      candles.tick(day + 60, 100n);
      candles.flush();
      candles.prune(day + 30 * day);
      expect(candles.list({ interval: '1m', ...all }).map((candle) => candle.time)).toEqual([day + 60]);
      expect(candles.list({ interval: '1d', ...all })).toHaveLength(1);
    }));

  it('a history widens the running bar and replaces the past, but keeps its volumes', () =>
    withCandles((candles) => {
      candles.tick(day, 100n);
      candles.addVolume(day, 3n, 300n);
      candles.tick(day + 60, 100n);
      candles.merge('1m', [
        { time: day, open: 95, high: 105, low: 90, close: 101 },
        { time: day + 60, open: 101, high: 103, low: 99, close: 102 },
      ]);
      expect(candles.list({ interval: '1m', ...all })).toEqual([
        { time: day, open: 95n, high: 105n, low: 90n, close: 101n, volume: 3n },
        { time: day + 60, open: 101n, high: 103n, low: 99n, close: 100n, volume: 0n },
      ]);
    }));

  it('a history that is newer than a stale running bar takes over', () =>
    withCandles((candles) => {
      candles.tick(day, 100n);
      candles.merge('1m', [{ time: day + 600, open: 7, high: 9, low: 6, close: 8 }]);
      candles.tick(day + 601, 20n);
      expect(candles.list({ interval: '1m', ...all }).at(-1)).toMatchObject({
        open: 7n,
        high: 20n,
        low: 6n,
        close: 20n,
      });
      expect(candles.list({ interval: '1m', ...all })).toHaveLength(2);
    }));
});

describe('the chart history', () => {
  it('fills every interval from a real history server, exact to the last digit', () =>
    withCandles(async (candles) => {
      const history = new CandleHistory({
        url: inject('workerVariables').HERMES_URL ?? '',
        apiKey: undefined,
        pythSymbol: marketOf('BTC-PERP').pythSymbol,
        candles,
        clock: systemClock,
        logger: silentLogger,
      });
      expect(await history.fill()).toBe(true);
      expect(candles.list({ interval: '1m', ...all }).length).toBeGreaterThan(300);
      expect(candles.list({ interval: '1h', ...all }).length).toBeGreaterThan(5);
      const now = Math.floor(Date.now() / 1_000);
      expect(candles.stats(now)?.high24h).toBeGreaterThan(10n ** 12n);
    }));

  it('reads decimals of any length without a float, and leaves out what is no price', () => {
    const answer = {
      s: 'ok',
      t: [60, 120, 180],
      o: ['100.123456789', '1e2', 'no'],
      h: ['101', '101', '1'],
      l: ['99', '-5', '1'],
      c: [100, 100, 1],
    };
    expect(readHistory(answer)).toEqual([
      { time: 60, open: 10_012_345_679, high: 10_100_000_000, low: 9_900_000_000, close: 10_000_000_000 },
    ]);
    expect(readHistory({ s: 'no_data' })).toEqual([]);
    expect(() => readHistory({ s: 'error', errmsg: 'Symbol not found' })).toThrow('Symbol not found');
  });
});
