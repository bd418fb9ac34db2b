import { describe, expect, it } from 'vitest';
import type { QuantCandle } from './quant/contract.ts';
import { horizonVolatility, touchBps } from './risk-figures.ts';

const minuteMs = 60_000;
const nowMs = 1_000 * minuteMs;

/** Bars that swing by `share` up and down, the newest ending now. */
const swinging = (count: number, share: number): QuantCandle[] =>
  Array.from({ length: count }, (_, index) => {
    const [open, close] = index % 2 === 0 ? [100, 100 * (1 + share)] : [100 * (1 + share), 100];
    const time_ms = nowMs - (count - index) * minuteMs;
    return { time_ms, open, close, high: Math.max(open, close), low: Math.min(open, close), volume: 1 };
  });

/** The same bars, each of five minutes. */
const fiveTimes = (bar: QuantCandle): QuantCandle => ({ ...bar, time_ms: nowMs - (nowMs - bar.time_ms) * 5 });

describe('the chance to touch the liquidation price', () => {
  it('is that of a random walk: 2·(1 − Φ(d ÷ σ))', () => {
    expect(touchBps(0.02, 0.02)).toBe(3_173);
    expect(touchBps(0.0196, 0.01)).toBe(500);
    expect(touchBps(0.1, 0.01)).toBe(0);
  });

  it('is certain at or past it, and unknown where either figure is', () => {
    expect(touchBps(0, 0.01)).toBe(10_000);
    expect(touchBps(-0.01, 0.01)).toBe(10_000);
    expect(touchBps(null, 0.01)).toBeNull();
    expect(touchBps(0.01, null)).toBeNull();
  });
});

describe('volatility over a horizon', () => {
  it('grows with the move of its bars, and with the root of their number', () => {
    const calm = horizonVolatility({ candles: swinging(100, 0.001), horizon: '15m', nowMs });
    const wild = horizonVolatility({ candles: swinging(100, 0.002), horizon: '15m', nowMs });
    expect((wild ?? 0) / (calm ?? 1)).toBeCloseTo(2, 1);
    const longer = horizonVolatility({ candles: swinging(100, 0.001).map(fiveTimes), horizon: '1h', nowMs });
    // 12 bars of five minutes against 15 of one.
    expect((longer ?? 0) / (calm ?? 1)).toBeCloseTo(Math.sqrt(12 / 15), 2);
  });

  it('is unknown with too few bars, and where the price stood still', () => {
    expect(horizonVolatility({ candles: swinging(20, 0.001), horizon: '15m', nowMs })).toBeNull();
    expect(horizonVolatility({ candles: swinging(100, 0), horizon: '15m', nowMs })).toBeNull();
  });
});
