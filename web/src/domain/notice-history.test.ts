import { describe, expect, test } from 'vitest';

import {
  filterRecords,
  recordNotice,
  recordsMax,
  showToast,
  unreadCount,
  type NoticeRecord,
  type Toast,
} from './notice-history.ts';
import type { Notice } from './notices.ts';

const notice = (text: string, changed: Partial<Notice> = {}): Notice => ({
  ...{ tone: 'neutral', title: 'Buy filled', text, topic: 'orders' },
  ...changed,
});
const told = (notices: readonly Notice[], stepMs = 0): NoticeRecord[] =>
  notices.reduce<NoticeRecord[]>((records, each, index) => recordNotice(records, each, index + 1, index * stepMs), []);

describe('the history', () => {
  test('is newest first and never longer than its bound', () => {
    const records = told(Array.from({ length: recordsMax + 5 }, (_, index) => notice(`${index}`)));
    expect(records).toHaveLength(recordsMax);
    expect(records[0]?.text).toBe(`${recordsMax + 4}`);
  });

  test('tells the same words soon after each other once, with their count', () => {
    const records = told([notice('a'), notice('b'), notice('a')], 1_000);
    expect(records.map(({ text, count }) => [text, count])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('tells the same words of another hour again', () => {
    expect(told([notice('a'), notice('a')], 3_600_000)).toHaveLength(2);
  });

  test('can be narrowed to a topic, and counts what came since the last look', () => {
    const records = told([notice('a'), notice('b', { topic: 'risk' }), notice('c')]);
    expect(filterRecords(records, 'risk').map(({ text }) => text)).toEqual(['b']);
    expect(filterRecords(records, 'all')).toHaveLength(3);
    expect(unreadCount(records, 1)).toBe(2);
  });
});

describe('toasts', () => {
  const shown = (notices: readonly Notice[]): Toast[] =>
    notices.reduce<Toast[]>((toasts, each, index) => showToast(toasts, each, index), []);

  test('repeats count up in place of covering the screen', () => {
    expect(shown([notice('a'), notice('a'), notice('a')])).toMatchObject([{ text: 'a', count: 3 }]);
  });

  test('the next stage of an order takes the place of the one before', () => {
    const toasts = shown([
      notice('placed', { about: '1' }),
      notice('other', { about: '2' }),
      notice('filled', { about: '1' }),
    ]);
    expect(toasts.map(({ text }) => text)).toEqual(['other', 'filled']);
  });

  test('there are never more than four', () => {
    expect(shown(['a', 'b', 'c', 'd', 'e'].map((text) => notice(text))).map(({ text }) => text)).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
  });
});
