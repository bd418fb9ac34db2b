import { expect, test } from 'vitest';

import { openingsUnderWay, workOn } from './pending-work.ts';
import { base, orderWith, positionWith, usdc } from './testing.ts';

const position = positionWith();
const kinds = (...orders: Parameters<typeof orderWith>[0][]) =>
  workOn(position, orders.map(orderWith)).map(({ kind }) => kind);

test('an order on its way says what becomes of the position', () => {
  expect(kinds({ side: 'sell', quantity: base('40') })).toEqual(['reduce']);
  expect(kinds({ side: 'sell', quantity: base('100') })).toEqual(['close']);
  expect(kinds({ side: 'sell', quantity: base('200'), reduce_only: true })).toEqual(['close']);
  expect(kinds({ side: 'sell', quantity: base('200') })).toEqual(['flip']);
  expect(kinds({ side: 'buy', quantity: base('1') })).toEqual(['increase']);
  expect(kinds({ intent: 'remove_margin', amount: usdc('5') })).toEqual(['removeMargin']);
});

test('what rests, what is over and what is of another market is not on its way', () => {
  expect(kinds({ order_type: 'limit', stage: 'resting' })).toEqual([]);
  expect(kinds({ stage: 'filled', status: 'filled' })).toEqual([]);
  expect(kinds({ symbol: 'BTC-PERP' })).toEqual([]);
});

test('an opening without a position is the position that is to come', () => {
  const opening = orderWith({ symbol: 'BTC-PERP' });
  expect(openingsUnderWay([opening], [position])).toEqual([opening]);
  expect(openingsUnderWay([orderWith()], [position])).toEqual([]);
  expect(openingsUnderWay([{ ...opening, reduce_only: true }], [position])).toEqual([]);
});
