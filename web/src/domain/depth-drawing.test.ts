import { expect, test } from 'vitest';

import { drawDepth as draw, quotedAt } from './depth-drawing.ts';
import { depthState, quoteSize, roomsOf, type DepthState } from './market-depth.ts';
import { base, marketWith, usd, usdc } from './testing.ts';

const state = (changed: Parameters<typeof marketWith>[0] = {}, long = '0') => {
  const known = depthState({
    market: {
      ...marketWith({ skew_scale: base('1600000'), max_skew_bps: 100, payoff_cap_bps: 5_000, ...changed }),
      backing: usdc('4000000'),
    },
    live: { price: usd('150'), confidence: usd('0.02'), ema: usd('150'), state: 'ok' },
    stats: { long_open_interest: base(long), short_open_interest: base('0') },
  });
  if (known === null) throw new Error('no state');
  return known;
};

const drawDepth = (known: DepthState, worth: ReturnType<typeof usdc> | null) => draw(known, worth, roomsOf(known));

const ends = (path: string) => path.split(/(?=[ML])/).map((step) => step.slice(1).split(' ').map(Number));

test('both curves begin at the spread and end at the size asked for, the one above the price, the other below', () => {
  const drawn = drawDepth(state(), usdc('240000'));
  if (drawn === null) throw new Error('nothing drawn');
  const [buys, sells] = drawn.curves.map(({ path }) => ends(path));
  expect(buys?.[0]?.[0]).toBe(0);
  expect(buys?.at(-1)?.[0]).toBe(100);
  expect(buys?.every(([, y]) => (y ?? 99) < 50)).toBe(true);
  expect(sells?.every(([, y]) => (y ?? 0) > 50)).toBe(true);
  // The dearest point has a tenth of the half above it.
  expect(buys?.at(-1)?.[1]).toBeCloseTo(50 - 50 / 1.1, 1);
  expect(drawn.curves.map(({ endsAt }) => endsAt)).toEqual([null, null]);
});

test('a side whose room is smaller ends inside the picture, at its limit', () => {
  const drawn = drawDepth(state({}, '8000'), usdc('2400000'));
  // 16,000 SOL of skew are allowed, 8,000 are there: longs have 8,000 of the 16,000 on screen.
  expect(drawn?.curves.find(({ side }) => side === 'long')?.endsAt).toBe(50);
  expect(drawn?.curves.find(({ side }) => side === 'short')?.endsAt).toBeNull();
});

test('without a worth the picture ends where the larger room does', () => {
  const drawn = drawDepth(state({}, '8000'), null);
  expect(drawn?.end).toBe(drawn?.rooms.short.size);
});

test('there is no picture of a market that opens nothing', () => {
  expect(drawDepth(state({ status: 'halted' }), usdc('1000'))).toBeNull();
});

test('a place on the picture tells both prices of its size, and none beyond the room', () => {
  const known = state({}, '8000');
  const drawn = drawDepth(known, usdc('2400000'));
  if (drawn === null) throw new Error('nothing drawn');
  expect(quotedAt(known, drawn, 0.25)).toEqual({
    worth: usdc('600000'),
    buy: quoteSize(known, 'long', base('4000')),
    sell: quoteSize(known, 'short', base('4000')),
  });
  expect(quotedAt(known, drawn, 0.75).buy).toBeNull();
  expect(quotedAt(known, drawn, 7).worth).toBe(usdc('2400000'));
});
