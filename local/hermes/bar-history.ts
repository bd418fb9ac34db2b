import { type Bar, minuteMs } from '../tape/tape.ts';
import type { PricePath } from '../tape/path.ts';

/** One-minute bars kept of what was streamed: a day. The tape's past before the start comes on top, at most a day too. */
export const liveBarsMax = 1_440;

/** The chart's past of one feed: the tape before the start, shifted so that it ends there, then what was streamed. */
export class BarHistory {
  readonly #past: readonly Bar[];
  #live: Bar[] = [];

  /** `positionMs` is the tape time at wall-clock time `wallMs`, where streaming starts. */
  constructor(path: PricePath, positionMs: number, wallMs: number) {
    const bars = path.barsBefore(positionMs);
    const startMinute = Math.floor(wallMs / minuteMs) * 60;
    this.#past = bars.map((bar, index) => ({ ...bar, time: startMinute - (bars.length - index) * 60 }));
  }

  /** Adds a streamed price in USD to the bar of its minute. */
  record(wallMs: number, price: number): void {
    const time = Math.floor(wallMs / minuteMs) * 60;
    const last = this.#live.at(-1);
    if (last !== undefined && last.time >= time) {
      const [high, low] = [Math.max(last.high, price), Math.min(last.low, price)];
      this.#live[this.#live.length - 1] = { ...last, high, low, close: price };
      return;
    }
    this.#live.push({ time, open: price, high: price, low: price, close: price, volume: 0 });
    if (this.#live.length > liveBarsMax) this.#live.shift();
  }

  /** Bars of `minutes` minutes whose start lies in [from, to] (Unix seconds), oldest first. */
  bars(minutes: number, from: number, to: number): Bar[] {
    const seconds = minutes * 60;
    const merged: Bar[] = [];
    for (const bar of [...this.#past, ...this.#live]) {
      const time = Math.floor(bar.time / seconds) * seconds;
      const last = merged.at(-1);
      if (last?.time !== time) merged.push({ ...bar, time });
      else merged[merged.length - 1] = mergeBars(last, bar);
    }
    return merged.filter((bar) => bar.time >= from && bar.time <= to);
  }
}

function mergeBars(first: Bar, second: Bar): Bar {
  const [high, low] = [Math.max(first.high, second.high), Math.min(first.low, second.low)];
  return { ...first, high, low, close: second.close };
}
