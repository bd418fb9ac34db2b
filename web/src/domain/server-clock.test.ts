import { expect, test } from 'vitest';

import { createServerClock, priceAgeSeconds } from './server-clock.ts';

test('of several greetings the fastest one tells how far the clocks are apart', () => {
  const clock = createServerClock();
  expect(clock.aheadMs()).toBe(0);
  clock.hear(10_000, 5_400, 400); // 400 ms on its way
  clock.hear(20_000, 15_050, 10_050); // 50 ms
  clock.hear(30_000, 25_900, 20_900);
  expect(clock.aheadMs()).toBe(4_950);
});

test('of a clock that was set anew the next greeting tells the truth', () => {
  const clock = createServerClock();
  clock.hear(1_120_000, 1_000_000, 500); // two minutes behind
  clock.hear(1_130_000, 1_129_900, 10_500);
  expect(clock.aheadMs()).toBe(100);
  clock.hear(1_140_000, 1_139_950, 20_550);
  expect(clock.aheadMs()).toBe(100);
});

test('the age of a price is never negative, and has room in its place', () => {
  expect(priceAgeSeconds(1_000_002, 1_000_005_000)).toBe(3);
  expect(priceAgeSeconds(1_000_002, 1_000_000_000)).toBe(0);
  expect(priceAgeSeconds(0, 1_000_000_000)).toBe(999);
});
