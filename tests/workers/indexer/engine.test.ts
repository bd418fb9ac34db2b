import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { ChainReader, type LandedTransaction, type SignatureInfo } from '../../../workers/indexer/chain-reader.ts';
import { DatabaseSink } from '../../../workers/indexer/database-sink.ts';
import { decodeEvents } from '../../../workers/indexer/event-decoder.ts';
import { EVENT_TABLES, EventStore, REWINDS_TABLE, type Target } from '../../../workers/indexer/event-store.ts';
import { IndexerEngine } from '../../../workers/indexer/indexer-engine.ts';
import { ObjectSink } from '../../../workers/indexer/object-sink.ts';
import { TRANSACTION_TABLES } from '../../../workers/indexer/transaction-log.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { until } from '../market/hermes-control.ts';
import { withStorage } from '../market/with-storage.ts';
import { Trader } from './trader.ts';

/** A node that lists less than it has, as real ones do now and then. Everything else is the real chain. */
class ForgetfulReader extends ChainReader {
  readonly hidden = new Set<string>();
  reads = 0;

  override async page(
    address: string,
    range: { before: string | null; until: string | null },
  ): Promise<SignatureInfo[]> {
    const page = await super.page(address, range);
    return address === readSettings(env).PROGRAM_ID
      ? page.filter(({ signature }) => !this.hidden.has(signature))
      : page;
  }

  override transaction(signature: string): Promise<LandedTransaction | null> {
    this.reads += 1;
    return super.transaction(signature);
  }
}

/** An indexer of its own over the real chain, whose objects only note what they are given. */
function engineOver(storage: DurableObjectStorage, databaseBacklogMax?: number) {
  const { rpc, addresses } = chainOf(readSettings(env));
  const reader = new ForgetfulReader(rpc);
  const store = new EventStore(storage);
  const applied: string[] = [];
  const next = new Map<string, bigint>();
  const apply = (target: Target, events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }> => {
    for (const event of events) {
      const seq = target.kind === 'market' ? event.streams.market?.seq : event.streams.account?.seq;
      if (seq !== (next.get(target.name) ?? 1n)) continue;
      next.set(target.name, seq + 1n);
      applied.push(`${target.name} ${event.name}`);
    }
    return Promise.resolve({ nextSeq: next.get(target.name) ?? 1n });
  };
  const database = { isUp: true, taken: new Set<string>() };
  const project = (events: readonly IndexedEvent[]): Promise<{ held: Set<string> }> => {
    if (!database.isUp) return Promise.reject(new Error('the database cannot be reached'));
    for (const event of events)
      database.taken.add(`${String(event.data.owner)} ${event.signature}#${event.indexInTransaction}`);
    return Promise.resolve({ held: new Set() });
  };
  const program = addresses.program.toBase58();
  const sink = new DatabaseSink(store, project, systemClock, silentLogger);
  const engine = new IndexerEngine({
    storage,
    clock: systemClock,
    logger: silentLogger,
    reader,
    store,
    objects: new ObjectSink(store, apply, systemClock, silentLogger),
    database: sink,
    ...(databaseBacklogMax === undefined ? {} : { databaseBacklogMax }),
    decode: (transaction) =>
      decodeEvents(transaction, { program, eventAuthority: addresses.eventAuthority.toBase58() }),
    address: program,
    nudgePauseMs: 20,
    addressOfStream: (stream) =>
      stream.startsWith('account:')
        ? addresses.userAccount(Trader.keyOf(stream.slice('account:'.length))).toBase58()
        : null,
  });
  return { engine, reader, applied, database, store, sink };
}

const withEngine = (
  body: (parts: ReturnType<typeof engineOver>, storage: DurableObjectStorage) => Promise<void>,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, [TRANSACTION_TABLES, EVENT_TABLES, REWINDS_TABLE]);
    return body(engineOver(storage), storage);
  });

describe('IndexerEngine on the real local chain', () => {
  it('reads the whole history from its first transaction, then only what is new', () =>
    withEngine(async ({ engine, reader, applied }) => {
      const trader = await Trader.open(10n);
      await engine.poll();
      expect(applied).toContain('SOL-PERP MarketCreated');
      const mine = applied.filter((line) => line.startsWith(trader.wallet));
      expect(mine).toEqual([`${trader.wallet} UserAccountOpened`, `${trader.wallet} CollateralDeposited`]);
      const { reads } = reader;
      const signature = await trader.deposit(1n);
      const events = await engine.nudge(signature, 5_000);
      expect(events).toHaveLength(1);
      expect(reader.reads - reads).toBeLessThanOrEqual(3);
    }));

  it('a restart reads nothing twice into the objects and misses nothing', () =>
    withEngine(async ({ engine }, storage) => {
      const trader = await Trader.open(10n);
      await engine.poll();
      const signature = await trader.deposit(1n);
      const restarted = engineOver(storage);
      await restarted.engine.nudge(signature, 300);
      // The objects of this run know nothing: what comes is exactly what was not delivered before.
      expect(restarted.engine.status().holes).toContain(`account:${trader.wallet}`);
      expect(restarted.applied.filter((line) => line.startsWith(trader.wallet))).toEqual([]);
    }));

  it('an event the node left out is a hole, shown, fetched over the account itself, and applied in its place', () =>
    withEngine(async ({ engine, reader, applied }) => {
      const trader = await Trader.open(10n);
      await engine.poll();
      const hidden = await trader.deposit(2n);
      reader.hidden.add(hidden);
      await engine.nudge(await trader.deposit(3n), 300);
      expect(engine.status().holes).toEqual([`account:${trader.wallet}`]);
      await until(
        'the hole is filled',
        async () => {
          await engine.poll();
          return engine.status().holes.length === 0;
        },
        15_000,
      );
      expect(applied.filter((line) => line.startsWith(trader.wallet))).toHaveLength(4);
    }));

  it('a database that is away longer than the backlog is caught up from the chain; objects never wait for it', () =>
    withStorage(async (storage) => {
      migrate(storage, [TRANSACTION_TABLES, EVENT_TABLES, REWINDS_TABLE]);
      const { engine, applied, database, store, sink } = engineOver(storage, 5);
      const trader = await Trader.open(10n);
      database.isUp = false;
      for (let amount = 1n; amount <= 8n; amount++) await trader.deposit(amount);
      await engine.poll();
      await engine.poll();
      expect(applied.filter((line) => line.startsWith(trader.wallet))).toHaveLength(10);
      expect(store.databaseBacklog()).toBeLessThanOrEqual(6);
      database.isUp = true;
      await until(
        'the database has everything',
        async () => {
          sink.wake();
          await engine.poll();
          return [...database.taken].filter((key) => key.startsWith(trader.wallet)).length === 10;
        },
        20_000,
      );
    }));
});
