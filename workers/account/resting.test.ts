import { price } from '#shared/money/units.ts';
import { expect, test } from 'vitest';

import { wouldRest } from './resting.ts';

const now = { price: price(150n), conf: price(0n), ema: price(150n), publishTime: 0n };
const order = { side: 'buy', orderType: 'limit', price: null, stopPrice: null, timeInForce: 'gtc' } as const;

test('a stop waits for its trigger in every time in force; an immediate limit waits for nothing', () => {
  const stop = { ...order, orderType: 'stop_limit', price: 170n, stopPrice: 160n } as const;
  for (const timeInForce of ['gtc', 'ioc', 'gtt'] as const) {
    expect(wouldRest({ ...stop, timeInForce }, now)).toBe(true);
    expect(wouldRest({ ...stop, timeInForce, stopPrice: 150n }, now)).toBe(false);
  }
  expect(wouldRest({ ...order, price: 140n }, now)).toBe(true);
  expect(wouldRest({ ...order, price: 140n, timeInForce: 'ioc' }, now)).toBe(false);
  expect(wouldRest({ ...order, orderType: 'market' }, now)).toBe(false);
});
