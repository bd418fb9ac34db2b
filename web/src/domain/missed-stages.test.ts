import { describe, expect, test } from 'vitest';

import { missedNotice, openStories } from './missed-stages.ts';
import { recordNotice, type NoticeRecord } from './notice-history.ts';
import { noticeOfOrder } from './notices.ts';
import { orderWith, usd } from './testing.ts';

const first = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a11';
const second = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a12';

/** The history of these orders, told one after the other. */
const told = (orders: readonly ReturnType<typeof orderWith>[]): NoticeRecord[] =>
  orders.reduce<NoticeRecord[]>((records, order, index) => {
    const notice = noticeOfOrder(order, undefined);
    return notice === undefined ? records : recordNotice(records, notice, index + 1, index * 1_000);
  }, []);

describe('the stages that nobody was there for', () => {
  test('are looked for in orders whose story is not at its end, by what was told last', () => {
    const records = told([
      orderWith({ order_id: first, stage: 'accepted' }),
      orderWith({ order_id: second, stage: 'accepted' }),
      orderWith({ order_id: second, stage: 'submitted' }),
      orderWith({ order_id: first, stage: 'filled', filled_quantity: orderWith().quantity }),
    ]);
    expect(openStories(records)).toEqual([{ orderId: second, stage: 'submitted' }]);
  });

  test('are written with their figures, and not shown', () => {
    const filled = orderWith({
      ...{ order_id: first, stage: 'filled', status: 'filled' },
      ...{ filled_quantity: orderWith().quantity, average_fill_price: usd('150') },
    });
    const missed = missedNotice({ orderId: first, stage: 'submitted' }, filled);
    expect(missed).toMatchObject({ about: first, stage: 'filled', quiet: true });
    expect(missed?.text).toContain('150');
  });

  test('are not written twice, nor taken from another order', () => {
    const order = orderWith({ order_id: first, stage: 'resting' });
    expect(missedNotice({ orderId: first, stage: 'resting' }, order)).toBeUndefined();
    expect(missedNotice({ orderId: second, stage: 'accepted' }, order)).toBeUndefined();
  });

  test('that were told once leave nothing to look for', () => {
    const filled = orderWith({ order_id: first, stage: 'filled', status: 'filled' });
    const records = told([orderWith({ order_id: first, stage: 'accepted' })]);
    const missed = missedNotice({ orderId: first, stage: 'accepted' }, filled);
    expect(missed).toBeDefined();
    if (missed !== undefined) expect(openStories(recordNotice(records, missed, 9, 9_000))).toEqual([]);
  });
});
