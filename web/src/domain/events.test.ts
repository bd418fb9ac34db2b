import { expect, test } from 'vitest';

import { overallConnection } from './connection.ts';
import { noticeOfAlert, noticeOfOrder } from './notices.ts';
import { isCancellable, isOpenOrder, upsertOrder } from './orders.ts';
import { base, orderWith, usd } from './testing.ts';

test('an older answer never undoes a newer one', () => {
  const filled = orderWith({ version: 3, stage: 'filled', status: 'filled' });
  expect(upsertOrder([filled], orderWith({ version: 2 }))).toEqual([filled]);
});

test('a new order comes first, a known one keeps its place', () => {
  const first = orderWith({ order_id: 'a' });
  const second = orderWith({ order_id: 'b' });
  expect(upsertOrder([first], second).map((order) => order.order_id)).toEqual(['b', 'a']);
  const changed = orderWith({ order_id: 'a', version: 2, stage: 'resting' });
  expect(upsertOrder([second, first], changed).map((order) => order.stage)).toEqual(['accepted', 'resting']);
});

test('an order being executed is open and can no longer be cancelled', () => {
  const submitted = orderWith({ stage: 'submitted' });
  expect([isOpenOrder(submitted), isCancellable(submitted)]).toEqual([true, false]);
  expect(isCancellable(orderWith({ stage: 'resting' }))).toBe(true);
});

test('a fill says how much at which price', () => {
  const notice = noticeOfOrder(
    orderWith({ stage: 'filled', filled_quantity: base('2.5'), average_fill_price: usd('150.06') }),
    orderWith(),
  );
  expect(notice).toMatchObject({ tone: 'up', title: 'Buy filled · SOL-PERP', text: '2.50 SOL at 150.060' });
});

test('a rejection says why in the words of the exchange', () => {
  const rejected = orderWith({ stage: 'rejected', error: { code: 'TRADING_004', message: 'Price moved.' } });
  expect(noticeOfOrder(rejected, orderWith())).toMatchObject({ tone: 'warn', text: 'Price moved.' });
  const twin = {
    stage: 'cancelled',
    exit_kind: 'take_profit',
    error: { code: 'TRADING_026', message: 'The other exit executed.' },
  } as const;
  expect(noticeOfOrder(orderWith(twin), orderWith())).toMatchObject({
    title: expect.stringContaining('Take profit cancelled') as string,
    text: expect.stringContaining('The other exit executed.') as string,
  });
  const own = { stage: 'cancelled', error: { code: 'TRADING_030', message: 'You cancelled the order.' } } as const;
  expect(noticeOfOrder(orderWith(own), orderWith())?.text).not.toContain('You cancelled');
});

test('an order that waits is told by what it is: an exit by its name and price', () => {
  const told = (changed: Parameters<typeof orderWith>[0]) =>
    noticeOfOrder(orderWith({ stage: 'resting', side: 'sell', ...changed }), undefined);
  expect(told({ order_type: 'limit', price: usd('160') })?.title).toBe('Sell limit order placed · SOL-PERP');
  expect(told({ order_type: 'stop', stop_price: usd('140'), exit_kind: 'stop_loss' })).toMatchObject({
    title: 'Stop loss placed · SOL-PERP',
    text: '2.50 SOL at 140.000',
  });
});

test('a change of margin that came to nothing is told, with why', () => {
  const error = { code: 'TRADING_018', message: 'Margin would be too low.' };
  const failed = orderWith({ intent: 'remove_margin', stage: 'rejected', error });
  expect(noticeOfOrder(failed, undefined)).toMatchObject({ tone: 'warn', text: 'Margin would be too low.' });
});

test('a stage that was told before is not told again', () => {
  const filled = orderWith({ stage: 'filled' });
  expect(noticeOfOrder(filled, filled)).toBeUndefined();
});

test('a change of margin is no trade to announce', () => {
  expect(noticeOfOrder(orderWith({ intent: 'add_margin', stage: 'filled' }), undefined)).toBeUndefined();
});

test('a liquidation leads to its receipt', () => {
  const alert = {
    id: 'x',
    kind: 'liquidated' as const,
    symbol: 'SOL-PERP' as const,
    position_id: 'p',
    message: 'why',
    transaction_hash: 'sig',
    created_at: '2026-01-01T00:00:00.000Z',
  };
  expect(noticeOfAlert(alert)).toMatchObject({ tone: 'down', liquidationOf: 'sig' });
});

test('the screen is as good as the worst of its streams', () => {
  expect(overallConnection(['live', 'live'])).toBe('live');
  expect(overallConnection(['live', 'behind'])).toBe('behind');
  expect(overallConnection(['behind', 'connecting'])).toBe('connecting');
  expect(overallConnection(['connecting', 'offline', 'live'])).toBe('offline');
});
