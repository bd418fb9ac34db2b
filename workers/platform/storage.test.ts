import { Keypair } from '@solana/web3.js';
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { silentLogger } from './logger.ts';
import { Outbox, OUTBOX_TABLE, OUTBOX_TIMER, OutboxFullError } from './outbox.ts';
import { execute, migrate, rows } from './sql.ts';
import { ManualClock } from './testing.ts';
import { Timers, TIMERS_TABLE } from './timers.ts';

interface Fixture {
  storage: DurableObjectStorage;
  clock: ManualClock;
  timers: Timers;
  outbox: Outbox;
}

/** Runs a body over the SQLite storage of a real Durable Object, with tables of its own. */
async function withStorage(body: (fixture: Fixture) => Promise<void>, rowsMax?: number): Promise<void> {
  const stub = env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58());
  await runInDurableObject(stub, async (_instance: unknown, state: DurableObjectState) => {
    for (const table of ['timers', 'outbox', 'schema_version']) state.storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
    migrate(state.storage, [TIMERS_TABLE, OUTBOX_TABLE]);
    const clock = new ManualClock();
    const timers = new Timers(state.storage, clock, silentLogger);
    await body({
      storage: state.storage,
      clock,
      timers,
      outbox: new Outbox(state.storage, timers, clock, silentLogger, rowsMax),
    });
  });
}

describe('migrate', () => {
  it('runs each migration once, whatever was applied before', () =>
    withStorage(async ({ storage }) => {
      migrate(storage, [TIMERS_TABLE, OUTBOX_TABLE, 'CREATE TABLE third (id INTEGER)']);
      migrate(storage, [TIMERS_TABLE, OUTBOX_TABLE, 'CREATE TABLE third (id INTEGER)']);
      expect(rows(storage.sql, 'SELECT version FROM schema_version')).toEqual([{ version: 3 }]);
    }));

  it('an older version that knows fewer migrations leaves the number of the newer one, which then runs none again', () =>
    withStorage(async ({ storage }) => {
      const newer = [TIMERS_TABLE, OUTBOX_TABLE, 'CREATE TABLE third (id INTEGER)'];
      migrate(storage, newer);
      migrate(storage, [TIMERS_TABLE, OUTBOX_TABLE]);
      expect(() => migrate(storage, newer)).not.toThrow();
      expect(rows(storage.sql, 'SELECT version FROM schema_version')).toEqual([{ version: 3 }]);
    }));

  it('a failing migration leaves nothing behind', () =>
    withStorage(async ({ storage }) => {
      const broken = [TIMERS_TABLE, OUTBOX_TABLE, 'CREATE TABLE third (id INTEGER)', 'NOT SQL'];
      expect(() => migrate(storage, broken)).toThrow();
      expect(rows(storage.sql, "SELECT name FROM sqlite_master WHERE name = 'third'")).toEqual([]);
    }));

  it('execute answers the number of changed rows', () =>
    withStorage(async ({ storage }) => {
      storage.sql.exec('CREATE TABLE numbers (n INTEGER)');
      expect(execute(storage.sql, 'INSERT INTO numbers VALUES (1), (2), (3)')).toBe(3);
      expect(execute(storage.sql, 'DELETE FROM numbers WHERE n > 1')).toBe(2);
    }));
});

describe('Timers', () => {
  it('the alarm is always the earliest due timer', () =>
    withStorage(async ({ storage, clock, timers }) => {
      const now = clock.nowMs();
      timers.set('expire', 'b', now + 5_000);
      timers.set('expire', 'a', now + 1_000);
      expect(await storage.getAlarm()).toBe(now + 1_000);
      timers.clear('expire', 'a');
      expect(await storage.getAlarm()).toBe(now + 5_000);
      timers.clear('expire', 'b');
      expect(await storage.getAlarm()).toBeNull();
    }));

  it('runs what is due once and in order, and nothing else', () =>
    withStorage(async ({ clock, timers }) => {
      const now = clock.nowMs();
      timers.set('expire', 'late', now + 3_000);
      timers.set('expire', 'second', now + 2_000);
      timers.set('expire', 'first', now + 1_000);
      clock.advance(2_000);
      const ran: string[] = [];
      await timers.runDue((timer) => void ran.push(timer.key));
      await timers.runDue((timer) => void ran.push(timer.key));
      expect(ran).toEqual(['first', 'second']);
    }));

  it('never throws, tries a failing timer again and runs the others', () =>
    withStorage(async ({ storage, clock, timers }) => {
      timers.set('expire', 'broken', clock.nowMs());
      timers.set('expire', 'fine', clock.nowMs() + 1);
      clock.advance(10);
      const ran: string[] = [];
      await timers.runDue((timer) => {
        ran.push(timer.key);
        if (timer.key === 'broken') throw new Error('broken');
      });
      expect(ran).toEqual(['broken', 'fine']);
      expect(await storage.getAlarm()).not.toBeNull();
      clock.advance(60_000);
      await timers.runDue((timer) => void ran.push(timer.key));
      expect(ran).toEqual(['broken', 'fine', 'broken']);
    }));

  it('is armed again before a handler runs, so a crash in it loses nothing', () =>
    withStorage(async ({ storage, clock, timers }) => {
      timers.set('expire', 'a', clock.nowMs());
      let alarmDuringHandler: number | null = null;
      await timers.runDue(async () => {
        alarmDuringHandler = await storage.getAlarm();
      });
      expect(alarmDuringHandler).toBeGreaterThan(clock.nowMs());
    }));

  it('a handler may set its own timer again', () =>
    withStorage(async ({ clock, timers }) => {
      timers.set('tick', '', clock.nowMs());
      const next = clock.nowMs() + 1_000;
      await timers.runDue(() => timers.set('tick', '', next));
      expect(timers.dueMs('tick', '')).toBe(next);
    }));
});

describe('Outbox', () => {
  it('a row whose handler returned is gone; one whose handler threw comes again', () =>
    withStorage(async ({ clock, outbox }) => {
      const seen: string[] = [];
      outbox.on('send', async (row) => {
        seen.push(`${row.payload} ${row.attempts}`);
        if (row.attempts === 0) throw new Error('not yet');
      });
      outbox.add('send', 'k', 'hello');
      outbox.drain();
      await outbox.idle();
      expect(outbox.size()).toBe(1);
      clock.advance(60_000);
      outbox.drain();
      await outbox.idle();
      expect(seen).toEqual(['hello 0', 'hello 1']);
      expect(outbox.size()).toBe(0);
    }));

  it('rows of one lane run in order, never two at once; lanes run side by side', () =>
    withStorage(async ({ outbox }) => {
      const log: string[] = [];
      outbox.on('send', async (row) => {
        log.push(`start ${row.payload}`);
        await new Promise((resolve) => setTimeout(resolve, row.key === 'slow' ? 30 : 1));
        log.push(`end ${row.payload}`);
      });
      outbox.add('send', 'slow', 's1');
      outbox.add('send', 'slow', 's2');
      outbox.add('send', 'fast', 'f1');
      outbox.drain();
      await outbox.idle();
      expect(log).toEqual(['start s1', 'start f1', 'end f1', 'end s1', 'start s2', 'end s2']);
    }));

  it('rolls back with the transaction that wrote it', () =>
    withStorage(async ({ storage, outbox }) => {
      const failing = () =>
        storage.transactionSync(() => {
          outbox.add('send', 'k', 'hello');
          throw new Error('check failed');
        });
      expect(failing).toThrow('check failed');
      expect(outbox.size()).toBe(0);
    }));

  it('arms the alarm for what is left, so that a lost drain is made good', () =>
    withStorage(async ({ clock, timers, outbox }) => {
      outbox.on('send', async () => undefined);
      outbox.add('send', 'k', 'later', clock.nowMs() + 5_000);
      expect(timers.dueMs(OUTBOX_TIMER, '')).toBe(clock.nowMs() + 5_000);
      clock.advance(5_000);
      await timers.runDue(() => outbox.drain());
      await outbox.idle();
      expect(outbox.size()).toBe(0);
      expect(timers.dueMs(OUTBOX_TIMER, '')).toBeNull();
    }));

  it('refuses a row beyond its bound', () =>
    withStorage(async ({ outbox }) => {
      outbox.add('send', 'a', '');
      outbox.add('send', 'b', '');
      expect(() => outbox.add('send', 'c', '')).toThrow(OutboxFullError);
    }, 2));
});
