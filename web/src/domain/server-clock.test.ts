import { expect, test } from 'vitest';

import { createServerClock, priceAgeSeconds } from './server-clock.ts';

test('of several greetings the fastest one tells how far the clocks are apart', () => {
  const clock = createServerClock();
  expect(clock.aheadMs()).toBe(0);
  clock.hear(10_000, 5_400); // 400 ms on its way
  clock.hear(20_000, 15_050); // 50 ms
  clock.hear(30_000, 25_900);
  expect(clock.aheadMs()).toBe(4_950);
});

test('a clock that was set anew counts after the latest greetings', () => {
  const clock = createServerClock();
  clock.hear(1_000_000, 0);
  for (let index = 0; index < 16; index += 1) clock.hear(5_000, 5_100);
  expect(clock.aheadMs()).toBe(-100);
});

test('the age of a price is told by the clock of the exchange, whatever this computer says', () => {
  const localMs = 1_000_000_000;
  expect(priceAgeSeconds(1_000_002, localMs, 5_000)).toBe(3);
  expect(priceAgeSeconds(1_000_002, localMs, 0)).toBe(0);
  expect(priceAgeSeconds(0, localMs, 0)).toBe(999);
});
