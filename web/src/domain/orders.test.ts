import { expect, test } from 'vitest';

import { arrangeOrders, isAmendable, isInFlight, partnerOf, upsertOrder } from './orders.ts';
import { orderWith } from './testing.ts';

const exit = (id: string, position: string, kind: 'take_profit' | 'stop_loss', group = position) =>
  orderWith({ order_id: id, position_id: position, group_id: group, exit_kind: kind, stage: 'resting' });

test('the exits of one position stand together, after what waits by itself', () => {
  const orders = [
    exit('4', 'p', 'take_profit'),
    orderWith({ order_id: '3' }),
    exit('2', 'q', 'stop_loss'),
    exit('1', 'p', 'stop_loss'),
  ];
  expect(arrangeOrders(orders).map(({ order_id }) => order_id)).toEqual(['3', '4', '1', '2']);
});

test('the other exit of a group is its partner while it is open', () => {
  const [profit, loss] = [exit('2', 'p', 'take_profit'), exit('1', 'p', 'stop_loss')];
  expect(partnerOf(profit, [profit, loss])?.order_id).toBe('1');
  expect(partnerOf(profit, [profit, { ...loss, status: 'cancelled' }])).toBeUndefined();
  expect(partnerOf(orderWith(), [profit, loss])).toBeUndefined();
});

test('only a trade that waits for its price can be amended', () => {
  expect(isAmendable(orderWith({ order_type: 'limit', stage: 'resting' }))).toBe(true);
  expect(isAmendable(orderWith({ order_type: 'market', stage: 'accepted' }))).toBe(false);
  expect(isAmendable(orderWith({ order_type: 'limit', stage: 'submitted' }))).toBe(false);
  expect(isAmendable(orderWith({ order_type: 'limit', stage: 'resting', intent: 'add_margin' }))).toBe(false);
});

test('a market order is on its way from the start, a limit order once its price has come', () => {
  expect(isInFlight(orderWith({ stage: 'accepted' }))).toBe(true);
  expect(isInFlight(orderWith({ order_type: 'limit', stage: 'resting' }))).toBe(false);
  expect(isInFlight(orderWith({ order_type: 'limit', stage: 'triggered' }))).toBe(true);
  expect(isInFlight(orderWith({ stage: 'filled', status: 'filled' }))).toBe(false);
});

test('an answer that is older than what is known changes nothing', () => {
  const known = orderWith({ version: 3, stage: 'submitted' });
  expect(upsertOrder([known], orderWith({ version: 2 }))).toEqual([known]);
  expect(upsertOrder([known], orderWith({ version: 4, stage: 'filled' }))[0]?.stage).toBe('filled');
});
