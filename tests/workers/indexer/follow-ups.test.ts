import { describe, expect, it } from 'vitest';
import type { EventName, EventValue, IndexedEvent } from '#shared/events.ts';
import {
  closeRequestDueMs,
  closeRequestFromMs,
  closeRequestMessage,
  followUpsOf,
} from '../../../workers/indexer/follow-ups.ts';
import { WithdrawalQueue, WITHDRAWALS_TABLE } from '../../../workers/indexer/withdrawal-queue.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { riskMessageSchema } from '../../../workers/risk/message.ts';
import { withStorage } from '../market/with-storage.ts';

const event = (name: EventName, data: Record<string, EventValue> = {}): IndexedEvent => ({
  name,
  data: { owner: 'wallet', ...data },
  signature: 'signature',
  slot: 1,
  indexInTransaction: 0,
  blockTimeMs: 0,
  streams: { position: { owner: 'wallet', symbol: 'SOL-PERP', seq: 1n, commandSeq: 0n } },
});

describe('what events set going beside their streams', () => {
  it('a settlement reaches the wallet, which has no event of it; a request to close reaches the queue', () => {
    const events = [event('PositionSettled'), event('CloseRequested', { requestedAt: 77n }), event('PoolRequested')];
    const followUps = followUpsOf([...events, event('PositionReduced')]);
    expect(followUps).toEqual([
      { kind: 'settled-position', key: 'wallet' },
      { kind: 'close-request', key: 'wallet SOL-PERP 77' },
      { kind: 'pool-request', key: 'wallet' },
    ]);
    const message = closeRequestMessage(followUps[1]?.key ?? '', 'request');
    expect(riskMessageSchema.parse(message)).toMatchObject({
      kind: 'close_request',
      owner: 'wallet',
      symbol: 'SOL-PERP',
      publishTime: 77,
    });
  });

  it('a request to close is queued when its window begins, and again until it is over: a message that got lost is made good', () => {
    const key = 'wallet SOL-PERP 77';
    expect(closeRequestFromMs(key)).toBe(83_000);
    expect([83_000, 86_000, 89_000, 89_001].map((nowMs) => closeRequestDueMs(key, nowMs))).toEqual([
      86_000,
      89_000,
      92_000,
      null,
    ]);
  });

  it('who waits for a withdrawal keeps his place until it was paid in full or returned, cancelled or not', () =>
    withStorage((storage) => {
      migrate(storage, [WITHDRAWALS_TABLE]);
      const queue = new WithdrawalQueue(storage.sql);
      const places = (): number[] => queue.first(10).map(({ ticket }) => ticket);
      const queued = [3n, 1n, 2n].map((ticket) => event('WithdrawalQueued', { ticket }));
      queue.note([...queued, ...queued]);
      expect(places()).toEqual([1, 2, 3]);
      queue.note([event('WithdrawalPaid', { ticket: 1n, left: 5n }), event('WithdrawalCancelled', { ticket: 2n })]);
      expect(places()).toEqual([1, 2, 3]);
      queue.note([event('WithdrawalPaid', { ticket: 1n, left: 0n }), event('WithdrawalReturned', { ticket: 3n })]);
      expect(queue.first(10)).toEqual([{ ticket: 2, owner: 'wallet' }]);
      queue.note([event('WithdrawalPaid', { ticket: 2n, left: 0n })]);
      expect(places()).toEqual([]);
    }));
});
