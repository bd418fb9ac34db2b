import { describe, expect, it } from 'vitest';
import type { RestingEntry } from '../../../workers/market/contract.ts';
import {
  RESTING_COUNT,
  TRIGGER_BOOK_TABLES,
  TriggerBook,
  TriggerBookFullError,
  triggerBookLimits,
} from '../../../workers/market/trigger-book.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { countingStorage, withStorage } from './with-storage.ts';

const withBook = (
  body: (book: TriggerBook, clock: ManualClock, storage: DurableObjectStorage) => void,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, [TRIGGER_BOOK_TABLES, RESTING_COUNT]);
    const clock = new ManualClock();
    body(new TriggerBook(storage, clock), clock, storage);
  });

const entry = (orderId: string, more: Partial<RestingEntry> = {}): RestingEntry => ({
  orderId,
  owner: `owner-of-${orderId}`,
  version: 1,
  direction: 'below',
  triggerPrice: 100n,
  minPublishTime: 10,
  reduceOnly: false,
  ...more,
});

const ids = (claims: readonly { readonly orderId: string }[]): string[] => claims.map(({ orderId }) => orderId).sort();

/** SQLite counts a row for every statement, found or not; a tick has a handful of statements. */
const idleRowsMax = 6;

describe('TriggerBook', () => {
  it('claims what a price reaches, on either side, and nothing else', () =>
    withBook((book) => {
      book.rest(entry('buy-100'));
      book.rest(entry('buy-90', { triggerPrice: 90n }));
      book.rest(entry('sell-110', { direction: 'above', triggerPrice: 110n }));
      expect(book.claim(105n, 10)).toEqual([]);
      expect(ids(book.claim(100n, 10))).toEqual(['buy-100']);
      expect(ids(book.claim(111n, 10))).toEqual(['sell-110']);
    }));

  it('no order is claimed at a price published before it was eligible', () =>
    withBook((book) => {
      book.rest(entry('a', { minPublishTime: 12 }));
      expect(book.claim(50n, 11)).toEqual([]);
      expect(ids(book.claim(50n, 12))).toEqual(['a']);
    }));

  it('orders that come back again and again keep nobody waiting, on whichever side', () =>
    withBook((book) => {
      const returning = 3 * triggerBookLimits.claimsPerTickMax;
      for (let index = 0; index < returning; index++) book.rest(entry(`exit-${index}`, { triggerPrice: 200n }));
      const others = ['above', 'below'] as const;
      for (const direction of others) book.rest(entry(direction, { direction, minPublishTime: 12 }));
      const claimed = new Set<string>();
      for (let second = 12; second < 18; second++) {
        for (const { orderId, version } of book.claim(100n, second)) {
          claimed.add(orderId);
          if (orderId.startsWith('exit'))
            book.rest(entry(orderId, { triggerPrice: 200n, version: version + 1, minPublishTime: second + 1 }));
        }
      }
      expect(others.every((orderId) => claimed.has(orderId))).toBe(true);
    }));

  it('an unanswered claim is repeated with its own price, wherever the price went', () =>
    withBook((book, clock) => {
      book.rest(entry('a'));
      const [first] = book.claim(99n, 11);
      expect(book.claim(99n, 12)).toEqual([]);
      clock.advance(triggerBookLimits.claimMs);
      expect(book.claim(500n, 17)).toEqual([first]);
      book.settle('a', 1);
      clock.advance(triggerBookLimits.claimMs);
      expect(book.claim(1n, 30)).toEqual([]);
      expect(book.size).toBe(0);
    }));

  it('a higher version replaces a claimed one, a lower or equal one is ignored', () =>
    withBook((book) => {
      book.rest(entry('a', { version: 2 }));
      book.claim(99n, 11);
      book.rest(entry('a', { version: 2, triggerPrice: 500n }));
      expect(book.claim(400n, 11)).toEqual([]);
      book.rest(entry('a', { version: 3, triggerPrice: 500n }));
      expect(book.claim(400n, 11)).toMatchObject([{ orderId: 'a', version: 3 }]);
      book.settle('a', 2);
      expect(book.size).toBe(1);
    }));

  it('a rest that arrives after its unrest does not bring the order back', () =>
    withBook((book) => {
      book.unrest('a', 2);
      book.rest(entry('a', { version: 2 }));
      expect(book.size).toBe(0);
      book.rest(entry('a', { version: 3 }));
      expect(book.size).toBe(1);
    }));

  it('a tick reads the orders reached, not the orders that rest', () =>
    withBook((book, clock, storage) => {
      storage.transactionSync(() => {
        for (let i = 0; i < 3_000; i++) book.rest(entry(`order-${i}`, { triggerPrice: BigInt(1_000 + i) }));
      });
      const counted = countingStorage(storage);
      const watched = new TriggerBook(counted.storage, clock);
      expect(watched.claim(5_000n, 10)).toEqual([]);
      expect(counted.rowsRead()).toBeLessThanOrEqual(idleRowsMax);
      const hits = watched.claim(3_990n, 10).length;
      expect(hits).toBe(10);
      // A hit is read in the index and in the table, and once more to claim it.
      expect(counted.rowsRead()).toBeLessThanOrEqual(4 * hits + idleRowsMax);
    }));

  it('one tick claims a bounded number; the book takes a bounded number', () =>
    withBook((book, _clock, storage) => {
      storage.transactionSync(() => {
        for (let i = 0; i < triggerBookLimits.ordersMax; i++) {
          if (i % 1_000 === 999) expect(book.isFull).toBe(false);
          book.rest(entry(`order-${i}`));
        }
      });
      expect(book.isFull).toBe(true);
      expect(() => book.rest(entry('one too many'))).toThrow(TriggerBookFullError);
      expect(() => book.rest(entry('order-0', { version: 2 }))).not.toThrow();
      // A stop finds room in a book that others have filled, and keeps it when it comes back.
      expect(() => book.rest(entry('stop', { reduceOnly: true }))).not.toThrow();
      book.unrest('stop', 1);
      expect(() => book.rest(entry('stop', { reduceOnly: true, version: 2 }))).not.toThrow();
      expect(() => book.rest(entry('one too many'))).toThrow(TriggerBookFullError);
      expect(book.claim(99n, 10)).toHaveLength(triggerBookLimits.claimsPerTickMax);
      expect(book.claim(99n, 10)).toHaveLength(triggerBookLimits.claimsPerTickMax);
    }));
});
