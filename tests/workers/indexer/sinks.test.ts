import { describe, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { DatabaseSink, type Project, type Undo } from '../../../workers/indexer/database-sink.ts';
import {
  EVENT_TABLES,
  EventStore,
  REWINDS_TABLE,
  streamName,
  type Target,
} from '../../../workers/indexer/event-store.ts';
import { ObjectSink } from '../../../workers/indexer/object-sink.ts';
import { Rollbacks, ROLLBACKS_TABLE } from '../../../workers/indexer/rollbacks.ts';
import { TRANSACTION_TABLES, TransactionLog } from '../../../workers/indexer/transaction-log.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { withStorage } from '../market/with-storage.ts';

const event = (signature: string, owner: string, accountSeq: bigint, marketSeq?: bigint): IndexedEvent => ({
  name: 'PositionIncreased',
  data: { owner },
  signature,
  slot: 1,
  indexInTransaction: 0,
  blockTimeMs: 0,
  streams: {
    account: { owner, seq: accountSeq },
    ...(marketSeq === undefined ? {} : { market: { symbol: 'SOL-PERP', seq: marketSeq } }),
  },
});

/** Objects that take their stream strictly in order, as the real ones do, and what they were given. */
function objectsAtTheEnd() {
  const next = new Map<string, bigint>();
  const applied: string[] = [];
  const broken = new Set<string>();
  const apply = (target: Target, events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }> => {
    const stream = streamName(target);
    if (broken.has(stream)) return Promise.reject(new Error('no answer'));
    for (const given of events) {
      const seq = target.kind === 'market' ? given.streams.market?.seq : given.streams.account?.seq;
      if (seq !== (next.get(stream) ?? 1n)) continue;
      next.set(stream, seq + 1n);
      applied.push(`${stream}:${seq}`);
    }
    return Promise.resolve({ nextSeq: next.get(stream) ?? 1n });
  };
  return { apply, applied, broken };
}

const withStore = (
  body: (parts: {
    store: EventStore;
    clock: ManualClock;
    sink: ObjectSink;
    objects: ReturnType<typeof objectsAtTheEnd>;
    storage: DurableObjectStorage;
  }) => Promise<void>,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, [TRANSACTION_TABLES, EVENT_TABLES, REWINDS_TABLE, ROLLBACKS_TABLE]);
    const clock = new ManualClock();
    const store = new EventStore(storage);
    const objects = objectsAtTheEnd();
    return body({ store, clock, objects, storage, sink: new ObjectSink(store, objects.apply, clock, silentLogger) });
  });

describe('delivery to objects', () => {
  it('every stream is applied in order, whatever order the transactions were read in', () =>
    withStore(async ({ store, sink, objects, clock }) => {
      store.add([event('s3', 'a', 3n), event('s1', 'a', 1n), event('s2', 'a', 2n)], clock.nowMs());
      await sink.run();
      expect(objects.applied).toEqual(['account:a:1', 'account:a:2', 'account:a:3']);
      expect(store.holes(5)).toEqual([]);
    }));

  it('a hole stops its stream alone, is shown, and ends when the missing event comes', () =>
    withStore(async ({ store, sink, objects, clock }) => {
      store.add([event('s2', 'a', 2n, 1n), event('s9', 'b', 1n, 2n)], clock.nowMs());
      await sink.run();
      expect(objects.applied.sort()).toEqual(['account:b:1', 'market:SOL-PERP:1', 'market:SOL-PERP:2']);
      expect(store.holes(5).map((hole) => hole.stream)).toEqual(['account:a']);
      expect(store.delivered('s2')).toBeNull();
      store.add([event('s1', 'a', 1n)], clock.nowMs());
      clock.advance(1_000);
      await sink.run();
      expect(objects.applied.slice(-2)).toEqual(['account:a:1', 'account:a:2']);
      expect(store.holes(5)).toEqual([]);
      expect(store.delivered('s2')).toHaveLength(1);
    }));

  it('the same transaction read twice is delivered once', () =>
    withStore(async ({ store, sink, objects, clock }) => {
      store.add([event('s1', 'a', 1n)], clock.nowMs());
      await sink.run();
      store.add([event('s1', 'a', 1n)], clock.nowMs());
      await sink.run();
      expect(objects.applied).toEqual(['account:a:1']);
    }));

  it('an object that does not answer holds up nobody else, and gets its events later', () =>
    withStore(async ({ store, sink, objects, clock }) => {
      objects.broken.add('account:a');
      store.add([event('s1', 'a', 1n, 1n), event('s2', 'b', 1n, 2n)], clock.nowMs());
      await sink.run();
      expect(objects.applied.sort()).toEqual(['account:b:1', 'market:SOL-PERP:1', 'market:SOL-PERP:2']);
      expect(sink.lastError).toContain('account:a');
      objects.broken.clear();
      clock.advance(20_000);
      await sink.run();
      expect(objects.applied).toContain('account:a:1');
      expect(sink.lastError).toBeNull();
    }));

  it('after a restart it goes on where it was', () =>
    withStore(async ({ store, sink, objects, storage, clock }) => {
      store.add([event('s1', 'a', 1n), event('s2', 'a', 2n)], clock.nowMs());
      await sink.run();
      const restarted = new EventStore(storage);
      restarted.add([event('s3', 'a', 3n)], clock.nowMs());
      await new ObjectSink(restarted, objects.apply, clock, silentLogger).run();
      expect(objects.applied).toEqual(['account:a:1', 'account:a:2', 'account:a:3']);
    }));
});

const databaseOver = (
  storage: DurableObjectStorage,
  store: EventStore,
  clock: ManualClock,
  project: Project,
  undo: Undo = () => Promise.resolve(0),
) => new DatabaseSink({ store, rollbacks: new Rollbacks(storage.sql), project, undo, clock, logger: silentLogger });

describe('delivery to the database', () => {
  it('what a fork undid is taken back before anything else is applied, and again until it succeeded', () =>
    withStore(async ({ store, clock, storage }) => {
      const done: string[] = [];
      let isUp = false;
      const project: Project = (events) => {
        done.push(...events.map((given) => given.signature));
        return Promise.resolve({ held: new Set<string>() });
      };
      const undo: Undo = (fromSlot) => {
        if (!isUp) return Promise.reject(new Error('the database cannot be reached'));
        done.push(`undo ${fromSlot}`);
        return Promise.resolve(1);
      };
      const database = databaseOver(storage, store, clock, project, undo);
      const rollbacks = new Rollbacks(storage.sql);
      rollbacks.note(9);
      rollbacks.note(7);
      rollbacks.note(8);
      store.add([event('s1', 'a', 1n)], clock.nowMs());
      await database.run();
      expect(done).toEqual([]);
      isUp = true;
      clock.advance(60_000);
      await database.run();
      expect(done).toEqual(['undo 7', 's1']);
      expect(rollbacks.due('database')).toBeNull();
      expect(rollbacks.due('objects')).toBe(7);
    }));

  it('its outage leaves a backlog that is worked off afterwards, in the order of the chain', () =>
    withStore(async ({ store, clock, sink, storage }) => {
      const taken: string[] = [];
      let isUp = false;
      const database = databaseOver(storage, store, clock, (events) => {
        if (!isUp) return Promise.reject(new Error('the database cannot be reached'));
        taken.push(...events.map((given) => given.signature));
        return Promise.resolve({ held: new Set<string>() });
      });
      store.add([event('s1', 'a', 1n), event('s2', 'b', 1n)], clock.nowMs());
      await database.run();
      await sink.run();
      expect(store.delivered('s1')).toHaveLength(1);
      expect(store.databaseBacklog()).toBe(2);
      expect(database.lastError).toBe('the database cannot be reached');
      isUp = true;
      clock.advance(60_000);
      await database.run();
      expect(taken).toEqual(['s1', 's2']);
      expect(store.databaseBacklog()).toBe(0);
      expect(database.lastError).toBeNull();
    }));

  it('what waits behind a hole is given again, and holds nothing else up', () =>
    withStore(async ({ store, clock, storage }) => {
      const held = new Set(['s1#0']);
      const database = databaseOver(storage, store, clock, () => Promise.resolve({ held }));
      store.add([event('s1', 'a', 2n), event('s2', 'b', 1n)], clock.nowMs());
      await database.run();
      expect(store.waitingForDatabase(10).map((row) => row.event.signature)).toEqual(['s1']);
      held.clear();
      clock.advance(5_000);
      await database.run();
      expect(store.databaseBacklog()).toBe(0);
    }));

  it('events are forgotten only when both sinks have had them', () =>
    withStore(async ({ store, clock, sink }) => {
      store.add([event('s1', 'a', 1n)], clock.nowMs());
      await sink.run();
      clock.advance(120_000);
      store.prune(clock.nowMs());
      expect(store.databaseBacklog()).toBe(1);
      store.settleDatabase(store.waitingForDatabase(1).map(({ id }) => id));
      store.prune(clock.nowMs());
      expect(store.eventsOf('s1')).toEqual([]);
    }));
});

describe('TransactionLog', () => {
  const info = (signature: string, failed = false) => ({ signature, slot: 5, failed });
  const withLog = (body: (log: TransactionLog, storage: DurableObjectStorage) => void): Promise<void> =>
    withStorage((storage) => {
      migrate(storage, [TRANSACTION_TABLES]);
      body(new TransactionLog(storage), storage);
    });

  it('pages come newest first and are read oldest first, over a restart between two pages', () =>
    withLog((log, storage) => {
      log.stage([info('s5'), info('s4')]);
      const restarted = new TransactionLog(storage);
      expect(restarted.stagedBefore()).toBe('s4');
      restarted.stage([info('s3', true), info('s2'), info('s1')]);
      expect(restarted.commitStaged()).toBe(5);
      expect(restarted.unread(10).map((known) => known.signature)).toEqual(['s1', 's2', 's4', 's5']);
    }));

  it('the cursor is the newest transaction up to which everything is read and final', () =>
    withLog((log) => {
      log.stage([info('s3'), info('s2'), info('s1')]);
      log.commitStaged();
      expect(log.cursor()).toBeNull();
      for (const signature of ['s1', 's2', 's3']) log.markRead(signature);
      expect(log.cursor()).toBeNull();
      expect(log.toVerify(4, 10)).toEqual([]);
      expect(log.toVerify(5, 10)).toHaveLength(3);
      log.markFinal([info('s1')]);
      log.markFinal([info('s3')]);
      expect(log.cursor()).toBe('s1');
      log.markFinal([info('s2')]);
      expect(log.cursor()).toBe('s3');
    }));

  it('what is final in another slot than it was read in is not final', () =>
    withLog((log) => {
      log.stage([info('s1')]);
      log.commitStaged();
      log.markRead('s1');
      expect(log.markFinal([{ ...info('s1'), slot: 6 }])).toBe(0);
      expect(log.cursor()).toBeNull();
    }));

  it('what somebody waits for is read before its turn, and nothing twice', () =>
    withLog((log) => {
      log.stage(['s5', 's4', 's3', 's2', 's1'].map((signature) => info(signature)));
      log.commitStaged();
      const read = log.unread(3, ['s4', 'unknown']).map((known) => known.signature);
      expect(read).toEqual(['s4', 's1', 's2']);
      expect(log.unread(10, ['s1']).map((known) => known.signature)).toEqual(['s1', 's2', 's3', 's4', 's5']);
    }));

  it('what is listed again is known', () =>
    withLog((log) => {
      log.stage([info('s1')]);
      log.commitStaged();
      log.markRead('s1');
      log.stage([info('s2'), info('s1')]);
      expect(log.commitStaged()).toBe(1);
      expect(log.unread(10).map((known) => known.signature)).toEqual(['s2']);
    }));
});
