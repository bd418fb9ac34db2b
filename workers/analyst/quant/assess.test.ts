import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assess } from './assess.ts';
import { HORIZON_MS, type QuantAssessment, type QuantCandle, type QuantInput } from './contract.ts';
import { inputAt, minuteMs, walk } from './testing.ts';

const length = 900;
const last = length - 1;
const sol = walk({ seed: 1, bars: length });
const others = { 'BTC-PERP': walk({ seed: 2, bars: length }), 'ETH-PERP': walk({ seed: 3, bars: length }) };
const market: Partial<QuantInput> = {
  others,
  funding_rate_hourly_bps: 0.12,
  skew_bps: -1_200,
  open_interest_usdc: { long: 440_000, short: 560_000.4 },
  liquidation_clusters: [
    { price: 60, notional_usdc: 20_000, side: 'long' },
    { price: 200, notional_usdc: 1_000.5, side: 'short' },
  ],
};
const whole = assess(inputAt(sol, last, market));

test('what happens after the moment of an answer changes nothing in it', () => {
  const anything = fc.record({ seed: fc.integer(), at: fc.integer({ min: 300, max: last - 1 }), late: fc.nat(59_999) });
  const property = fc.property(anything, ({ seed, at, late }) => {
    const future = (candles: readonly QuantCandle[], shift: number): QuantCandle[] => {
      const rest = walk({ seed: seed + shift, bars: length, sigma: 0.02, drift: 0.01 }).slice(at + 1);
      return [...candles.slice(0, at + 1), ...rest];
    };
    const changed = {
      'BTC-PERP': future(others['BTC-PERP'], 1),
      'ETH-PERP': others['ETH-PERP'].slice(0, at + 1),
    };
    const moment = inputAt(sol, at, market);
    const known = assess({ ...moment, now_ms: moment.now_ms + late });
    expect(assess({ ...moment, now_ms: moment.now_ms + late, candles: future(sol, 0), others: changed })).toEqual(
      known,
    );
  });
  fc.assert(property, { seed: 20_261_123, numRuns: 25 });
});

test('the past does change an answer: the guarantee above is not that of a constant', () => {
  const shaken = sol.map((candle, index) => (index === last - 5 ? { ...candle, high: candle.high * 1.01 } : candle));
  expect(assess(inputAt(shaken, last, market)).figures).not.toEqual(whole.figures);
});

test('an answer is the same whatever the order in which the markets are given', () => {
  const turned = { 'ETH-PERP': others['ETH-PERP'], 'BTC-PERP': others['BTC-PERP'] };
  expect(assess(inputAt(sol, last, { ...market, others: turned }))).toEqual(whole);
});

/** Every number of a text, with what follows it. */
const uncited = (text: string): string[] =>
  text
    .replaceAll(/[A-Z]+-PERP|the (next|last) \d+ (minutes|hours)/g, '')
    .replaceAll(/-?\d+(\.\d+)?( (%|bps|USD|USDC))? \[[a-z0-9_]+\]/g, '')
    .match(/-?\d[\d.]*.{0,12}/g) ?? [];

function checkCitations({ figures, reasoning }: QuantAssessment): void {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  expect(byId.size).toBe(figures.length);
  const citations = [...reasoning.matchAll(/(-?\d+(?:\.\d+)?)(?: (?:%|bps|USD|USDC))? \[([a-z0-9_]+)\]/g)];
  expect(citations.length).toBeGreaterThan(0);
  expect(citations.length).toBe(reasoning.split('[').length - 1);
  for (const [, value, id = ''] of citations) expect(byId.get(id)?.value).toBe(value);
  expect(uncited(reasoning)).toEqual([]);
  for (const { id, value } of figures)
    expect([id, value]).toEqual([expect.stringMatching(/^[a-z0-9_]+$/), expect.stringMatching(/^-?\d+(\.\d+)?$/)]);
}

test('every number in the reasoning is that of the figure it cites', () => {
  checkCitations(whole);
  for (const horizon of ['15m', '1h', '4h', '1d'] as const) checkCitations(assess(inputAt(sol, last, { horizon })));
  const trending = walk({ seed: 1_003, bars: 1_500, edge: 0.8, sigma: 0.003 });
  const moments = Array.from({ length: 12 }, (_, index) => assess(inputAt(trending, 700 + index * 60, market)));
  for (const answer of moments) checkCitations(answer);
  // The words go with what was found.
  expect(new Set(moments.map(({ direction }) => direction)).size).toBeGreaterThan(1);
  expect(new Set(moments.map(({ reasoning }) => reasoning.replaceAll(/-?\d+(\.\d+)?/g, '#'))).size).toBeGreaterThan(3);
});

test('the figures of a market that is given are all in the reasoning', () => {
  for (const id of ['funding', 'skew', 'long_interest', 'long_liquidation_price', 'short_liquidation_notional'])
    expect(whole.reasoning).toContain(`[${id}]`);
  expect(whole.missing).toEqual([]);
  const bare = assess(inputAt(sol, last, { others: { 'BTC-PERP': sol.slice(-20) } }));
  expect(bare.enough_data).toBe(true);
  expect(bare.missing).toEqual([
    'BTC-PERP has too few bars to be compared with.',
    'The funding rate is not known.',
    'The skew of open interest is not known.',
    'The liquidation prices of positions are not known.',
  ]);
});

test('without enough past the answer is hold, at no confidence, and says what is missing', () => {
  const short = assess(inputAt(sol, 273, market));
  expect(short).toMatchObject({ enough_data: false, direction: 'hold', confidence_bps: 0, probability_up_bps: 5_000 });
  expect(short.missing).toEqual(['The past of SOL-PERP is too short: 274 of 275 bars of 1 min are there.']);
  checkCitations(short);
  expect(assess(inputAt(sol, 274, market)).enough_data).toBe(true);
  const day = assess(inputAt(sol, last, { ...market, horizon: '1d' }));
  expect(day.missing).toEqual(['The past of SOL-PERP is too short: 15 of 410 bars of 60 min are there.']);
  expect(assess(inputAt([], 0)).missing).toEqual([
    'The past of SOL-PERP is too short: 0 of 275 bars of 1 min are there.',
  ]);
});

test('prices that stopped, stood still or have a hole give no probability', () => {
  const stopped = assess(inputAt(sol.slice(0, -2), last, market));
  expect(stopped.missing[0]).toContain('No price of SOL-PERP came lately');
  const still = sol.map((candle) => ({ ...candle, open: 100, high: 100, low: 100, close: 100 }));
  expect(assess(inputAt(still, last, market)).missing[0]).toContain('stood still');
  const hole = sol.filter((_, index) => index < 700 || index > 720);
  expect(assess(inputAt(hole, last, market)).missing[0]).toContain('long gap');
  for (const answer of [stopped, assess(inputAt(still, last, market)), assess(inputAt(hole, last, market))]) {
    expect(answer).toMatchObject({ direction: 'hold', enough_data: false, confidence_bps: 0 });
    checkCitations(answer);
  }
});

test('longer bars answer like the minutes they are made of', () => {
  const hourly = { ...market, horizon: '1h' } as const;
  const five = (candles: readonly QuantCandle[]): QuantCandle[] =>
    candles.flatMap((candle, index) => {
      if (index % 5 !== 0) return [];
      const part = candles.slice(index, index + 5);
      const [high, low] = [Math.max(...part.map((bar) => bar.high)), Math.min(...part.map((bar) => bar.low))];
      return [{ ...candle, high, low, close: part.at(-1)?.close ?? NaN }];
    });
  const [long, btc] = [walk({ seed: 1, bars: 1_500 }), walk({ seed: 2, bars: 1_500 })];
  const byMinute = assess(inputAt(long, 1_499, { ...hourly, others: { 'BTC-PERP': btc } }));
  const others = { 'BTC-PERP': five(btc) };
  expect(byMinute.enough_data).toBe(true);
  expect(assess(inputAt(five(long), 1_499, { ...hourly, others, candle_ms: 5 * minuteMs }))).toEqual(byMinute);
});

test('probabilities are whole basis points and an answer ends with its horizon', () => {
  for (const horizon of ['15m', '1h'] as const) {
    const input = inputAt(walk({ seed: 9, bars: 1_500 }), 1_499, { horizon });
    const answer = assess(input);
    expect(answer.expires_at_ms).toBe(input.now_ms + HORIZON_MS[horizon]);
    for (const value of [answer.probability_up_bps, answer.base_rate_bps, answer.confidence_bps]) {
      expect(Number.isInteger(value)).toBe(true);
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(10_000);
    }
  }
});

test('input that is no market data is refused', () => {
  const wrong: Partial<QuantInput>[] = [
    { spread_bps: -1 },
    { fee_bps_per_side: NaN },
    { candle_ms: 7_000 },
    { candle_ms: 0 },
    { funding_rate_hourly_bps: Infinity },
    { now_ms: NaN },
    { candles: [...sol].reverse() },
    { others: { 'BTC-PERP': [...sol].reverse() } },
    { liquidation_clusters: [{ price: 0, notional_usdc: 1, side: 'long' }] },
    { open_interest_usdc: { long: NaN, short: 1 } },
  ];
  for (const changes of wrong) expect(() => assess(inputAt(sol, last, changes))).toThrow(RangeError);
});
