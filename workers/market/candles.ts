import { price as toPrice } from '#shared/money/units.ts';
import { firstRow, rows } from '../platform/sql.ts';
import type { Candle, CandleInterval, CandleRequest, MarketStats } from './contract.ts';

/** Table the owner's migrations must contain. Prices (1e-8 USD) and volumes (base 1e-8, quote 1e-6) stay below 2^53. */
export const CANDLES_TABLE = `
  CREATE TABLE candles (
    interval_s INTEGER NOT NULL,
    time INTEGER NOT NULL,
    open INTEGER NOT NULL,
    high INTEGER NOT NULL,
    low INTEGER NOT NULL,
    close INTEGER NOT NULL,
    volume_base INTEGER NOT NULL DEFAULT 0,
    volume_quote INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (interval_s, time)
  ) WITHOUT ROWID;
`;

const daySeconds = 86_400;

/** The bars kept, finest first: length of a bar and how long it is kept. */
export const CANDLE_LEVELS: readonly {
  readonly interval: CandleInterval;
  readonly seconds: number;
  readonly keptSeconds: number;
}[] = [
  { interval: '1m', seconds: 60, keptSeconds: 3 * daySeconds },
  { interval: '5m', seconds: 300, keptSeconds: 14 * daySeconds },
  { interval: '15m', seconds: 900, keptSeconds: 42 * daySeconds },
  { interval: '1h', seconds: 3_600, keptSeconds: 168 * daySeconds },
  { interval: '4h', seconds: 14_400, keptSeconds: 672 * daySeconds },
  { interval: '1d', seconds: daySeconds, keptSeconds: 4_032 * daySeconds },
];

/** Bars of one answer. */
export const candlesPerAnswerMax = 1_500;
/** Bars of the finer level that make the 24 h figures. */
const statsIntervalSeconds = 300;

/** A bar in SQLite's numbers: integers below 2^53. */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Type alias, not an interface: rows of SQLite need an index signature. */
type StoredBar = {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume_base: number;
  volume_quote: number;
};

interface CurrentBar {
  readonly seconds: number;
  readonly interval: CandleInterval;
  bar: StoredBar | null;
  dirty: boolean;
}

const COLUMNS = 'time, open, high, low, close, volume_base, volume_quote';

/** Sums saturate instead of leaving the integers. */
const addSafely = (a: number, b: number): number => Math.min(a + b, Number.MAX_SAFE_INTEGER);

const candleOf = (bar: StoredBar): Candle => ({
  time: bar.time,
  open: toPrice(BigInt(bar.open)),
  high: toPrice(BigInt(bar.high)),
  low: toPrice(BigInt(bar.low)),
  close: toPrice(BigInt(bar.close)),
  volume: BigInt(bar.volume_base),
});

/**
 * The bars of a market. The running bar of each interval is in memory and written by `flush`, so that a tick costs no row; a crash loses
 * at most what the time between two flushes added, and the history behind it is filled in again at the next start.
 */
export class Candles {
  readonly #storage: DurableObjectStorage;
  readonly #current: readonly CurrentBar[];

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#current = CANDLE_LEVELS.map(({ interval, seconds }) => ({
      interval,
      seconds,
      bar: this.#newest(seconds),
      dirty: false,
    }));
  }

  /**
   * A price of a moment (seconds). Prices of a moment before the running bar change nothing.
   *
   * @returns the bars that ended with it, finest first.
   */
  tick(timeSeconds: number, price: bigint): { interval: CandleInterval; candle: Candle }[] {
    const value = Number(price);
    if (!Number.isSafeInteger(value)) throw new RangeError(`price ${price} is beyond what a bar keeps`);
    const ended: { interval: CandleInterval; candle: Candle }[] = [];
    if (timeSeconds < (this.#current[0]?.bar?.time ?? 0)) return ended;
    for (const current of this.#current) {
      const time = Math.floor(timeSeconds / current.seconds) * current.seconds;
      const { bar } = current;
      if (bar !== null && time < bar.time) continue;
      if (bar !== null && time === bar.time) {
        bar.high = Math.max(bar.high, value);
        bar.low = Math.min(bar.low, value);
        bar.close = value;
      } else {
        if (bar !== null) {
          if (current.dirty) this.#write(current.seconds, bar);
          ended.push({ interval: current.interval, candle: candleOf(bar) });
        }
        current.bar = { time, open: value, high: value, low: value, close: value, volume_base: 0, volume_quote: 0 };
      }
      current.dirty = true;
    }
    return ended;
  }

  /** Adds a trade of the exchange (base 1e-8, quote 1e-6) to the bars of its moment. */
  addVolume(timeSeconds: number, base: bigint, quote: bigint): void {
    for (const current of this.#current) {
      const time = Math.floor(timeSeconds / current.seconds) * current.seconds;
      if (current.bar?.time === time) {
        current.bar.volume_base = addSafely(current.bar.volume_base, Number(base));
        current.bar.volume_quote = addSafely(current.bar.volume_quote, Number(quote));
        current.dirty = true;
        continue;
      }
      const statement = `UPDATE candles SET volume_base = volume_base + ?, volume_quote = volume_quote + ? WHERE interval_s = ? AND time = ?`;
      this.#storage.sql.exec(statement, Number(base), Number(quote), current.seconds, time);
    }
  }

  /** The running bar of an interval. */
  current(interval: CandleInterval): Candle | null {
    const bar = this.#current.find((candidate) => candidate.interval === interval)?.bar;
    return bar ? candleOf(bar) : null;
  }

  /** Writes the running bars. */
  flush(): void {
    for (const current of this.#current) {
      if (!current.dirty || current.bar === null) continue;
      this.#write(current.seconds, current.bar);
      current.dirty = false;
    }
  }

  /** Forgets bars past their time. */
  prune(nowSeconds: number): void {
    for (const { seconds, keptSeconds } of CANDLE_LEVELS) {
      this.#storage.sql.exec(
        'DELETE FROM candles WHERE interval_s = ? AND time < ?',
        seconds,
        nowSeconds - keptSeconds,
      );
    }
  }

  /** Bars of [fromSeconds, toSeconds), oldest first; where there are more than an answer takes, the newest of them. */
  list({ interval, fromSeconds, toSeconds }: CandleRequest): Candle[] {
    const level = this.#current.find((candidate) => candidate.interval === interval);
    if (level === undefined) return [];
    const query = `SELECT ${COLUMNS} FROM candles WHERE interval_s = ? AND time >= ? AND time < ? ORDER BY time DESC LIMIT ?`;
    const stored = rows<StoredBar>(
      this.#storage.sql,
      query,
      level.seconds,
      fromSeconds,
      toSeconds,
      candlesPerAnswerMax,
    );
    const { bar } = level;
    const bars = stored.filter((row) => row.time !== bar?.time).reverse();
    if (bar !== null && bar.time >= fromSeconds && bar.time < toSeconds) bars.push(bar);
    return bars.slice(-candlesPerAnswerMax).map(candleOf);
  }

  /** Time of the newest bar of an interval that came before the running one; null when there is none. */
  lastStoredTime(interval: CandleInterval): number | null {
    const level = this.#current.find((candidate) => candidate.interval === interval);
    if (level === undefined) return null;
    const query = 'SELECT MAX(time) AS time FROM candles WHERE interval_s = ? AND time < ?';
    const before = level.bar?.time ?? Number.MAX_SAFE_INTEGER;
    return firstRow<{ time: number | null }>(this.#storage.sql, query, level.seconds, before)?.time ?? null;
  }

  /** Bars from elsewhere (a price history): they give the prices of their time, volumes stay; the running bar is only widened. */
  merge(interval: CandleInterval, bars: readonly Bar[]): void {
    const level = this.#current.find((candidate) => candidate.interval === interval);
    if (level === undefined) return;
    const statement = `
      INSERT INTO candles (interval_s, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 0, 0)
      ON CONFLICT (interval_s, time) DO UPDATE
      SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close`;
    this.#storage.transactionSync(() => {
      for (const bar of bars) {
        const running = level.bar;
        if (bar.time !== running?.time) {
          this.#storage.sql.exec(statement, level.seconds, bar.time, bar.open, bar.high, bar.low, bar.close);
          continue;
        }
        running.open = bar.open;
        running.high = Math.max(running.high, bar.high);
        running.low = Math.min(running.low, bar.low);
        level.dirty = true;
      }
      // Without prices meanwhile, the history's newest bar is the one that runs.
      const newest = this.#newest(level.seconds);
      if (newest === null || newest.time <= (level.bar?.time ?? -1)) return;
      if (level.bar !== null) this.#write(level.seconds, level.bar);
      level.bar = newest;
      level.dirty = false;
    });
  }

  /** The last 24 hours; null without any bar. */
  stats(nowSeconds: number): MarketStats | null {
    const from = nowSeconds - daySeconds;
    const bars = this.#statsBars(from);
    const first = bars[0];
    if (first === undefined) return null;
    return {
      open24h: BigInt(first.open),
      high24h: BigInt(Math.max(...bars.map((bar) => bar.high))),
      low24h: BigInt(Math.min(...bars.map((bar) => bar.low))),
      volumeBase24h: BigInt(bars.reduce((sum, bar) => addSafely(sum, bar.volume_base), 0)),
      volumeQuote24h: BigInt(bars.reduce((sum, bar) => addSafely(sum, bar.volume_quote), 0)),
    };
  }

  #statsBars(from: number): StoredBar[] {
    const query = `SELECT ${COLUMNS} FROM candles WHERE interval_s = ? AND time >= ? ORDER BY time`;
    const stored = rows<StoredBar>(this.#storage.sql, query, statsIntervalSeconds, from);
    const running = this.#current.find((candidate) => candidate.seconds === statsIntervalSeconds)?.bar;
    if (!running || running.time < from) return stored;
    return [...stored.filter((bar) => bar.time !== running.time), running];
  }

  #newest(seconds: number): StoredBar | null {
    const query = `SELECT ${COLUMNS} FROM candles WHERE interval_s = ? ORDER BY time DESC LIMIT 1`;
    const row = firstRow<StoredBar>(this.#storage.sql, query, seconds);
    return row === null ? null : { ...row };
  }

  #write(seconds: number, bar: StoredBar): void {
    this.#storage.sql.exec(
      `INSERT OR REPLACE INTO candles (interval_s, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      seconds,
      bar.time,
      bar.open,
      bar.high,
      bar.low,
      bar.close,
      bar.volume_base,
      bar.volume_quote,
    );
  }
}
