import { describe, expect, test } from 'vitest';
import { parseHermesOptions, tapePosition } from '../../local/hermes/options.ts';
import { TapeClock } from '../../local/hermes/tape-clock.ts';
import { PricePath } from '../../local/tape/path.ts';
import { loadTape, minuteMs } from '../../local/tape/tape.ts';

const tape = loadTape();
const tickMs = 400;
const bases = ['BTC', 'ETH', 'SOL'];
const scale = 1e8;

describe('the path through the tape', () => {
  test.each(bases)('%s stays inside every bar, and ticks reach close to each extreme', (base) => {
    const path = new PricePath(tape, base, 1);
    const bars = tape.bars.get(base) ?? [];
    for (const [minute, bar] of bars.entries()) {
      const ticks = Array.from(
        { length: 150 },
        (_, tick) => Number(path.at(minute * minuteMs + tick * tickMs).price) / scale,
      );
      const [low, high] = [Math.min(...ticks), Math.max(...ticks)];
      const reach = (bar.high - bar.low) * 0.15 + 1e-7;
      expect(low).toBeGreaterThanOrEqual(bar.low - 1e-7);
      expect(high).toBeLessThanOrEqual(bar.high + 1e-7);
      expect(low - bar.low).toBeLessThanOrEqual(reach);
      expect(bar.high - high).toBeLessThanOrEqual(reach);
    }
  });

  test('the same seed gives the same prices whatever is asked in between, another seed others', () => {
    const [one, two, other] = [
      new PricePath(tape, 'SOL', 7),
      new PricePath(tape, 'SOL', 7),
      new PricePath(tape, 'SOL', 8),
    ];
    const at = 700 * minuteMs + 12_345;
    two.at(1_300 * minuteMs);
    two.at(5);
    expect(two.at(at)).toEqual(one.at(at));
    expect(other.at(at).price).not.toBe(one.at(at).price);
  });

  test('the price goes through the end of the tape and back without a jump', () => {
    const path = new PricePath(tape, 'SOL', 1);
    const end = tape.minutes * minuteMs;
    for (const turn of [end, 2 * end]) {
      const prices = Array.from({ length: 300 }, (_, tick) => Number(path.at(turn + (tick - 150) * tickMs).price));
      for (const [index, price] of prices.slice(1).entries()) {
        const before = prices[index] ?? price;
        expect(Math.abs(price - before) / before).toBeLessThan(0.002);
      }
    }
    expect(path.at(end + 5 * minuteMs).price).toBe(path.at(end - 5 * minuteMs).price);
  });

  test('confidence widens with the range of the bar', () => {
    const bars = tape.bars.get('SOL') ?? [];
    const path = new PricePath(tape, 'SOL', 1);
    const byRange = bars
      .map((bar, minute) => ({ range: bar.high - bar.low, minute }))
      .sort((a, b) => a.range - b.range);
    const confOf = (entry: { minute: number } | undefined) => path.at((entry?.minute ?? 0) * minuteMs).conf;
    expect(confOf(byRange.at(-1))).toBeGreaterThan(confOf(byRange[0]) * 3n);
  });

  test('the EMA is the exponential average of the closes with a time constant of one hour', () => {
    const path = new PricePath(tape, 'SOL', 1);
    const bars = tape.bars.get('SOL') ?? [];
    const average = bars
      .slice(0, 900)
      .reduce((ema, { close }) => close + (ema - close) * Math.exp(-1 / 60), bars[0]?.open ?? 0);
    expect(Number(path.at(900 * minuteMs).ema) / scale).toBeCloseTo(average, 5);
  });
});

describe('the moment to start at', () => {
  test('ISO times and times of day find their minute; anything outside the tape is refused', () => {
    expect(tapePosition('2025-06-12T22:00:00Z', tape)).toBe(600 * minuteMs);
    expect(tapePosition('22:00', tape)).toBe(600 * minuteMs);
    expect(tapePosition('01:30', tape)).toBe(810 * minuteMs);
    for (const wrong of ['2025-06-13T12:00:00Z', '2020-01-01', 'tomorrow', '25:00']) {
      expect(() => tapePosition(wrong, tape)).toThrow('is not a moment of the tape');
    }
  });

  test('flags that do not fit are named', () => {
    expect(() => parseHermesOptions(['--speed', 'fast'])).toThrow('--speed');
    expect(() => parseHermesOptions(['--port', '70000'])).toThrow('--port');
    expect(parseHermesOptions(['--speed', '20', '--at', '23:40'])).toMatchObject({ speed: 20, at: '23:40' });
  });
});

describe('tape time', () => {
  test('runs at its speed, stands while paused, and neither a new speed nor a pause makes it jump', () => {
    const clock = new TapeClock(1_000, 0, 20);
    expect(clock.at(100)).toBe(3_000);
    clock.setSpeed(2, 100);
    expect(clock.at(100)).toBe(3_000);
    expect(clock.at(200)).toBe(3_200);
    clock.setPaused(true, 200);
    expect(clock.at(9_999)).toBe(3_200);
    clock.setPaused(false, 10_000);
    expect(clock.at(10_100)).toBe(3_400);
  });
});
