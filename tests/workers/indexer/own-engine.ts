import { env } from 'cloudflare:workers';
import type { IndexedEvent } from '#shared/events.ts';
import { ChainReader, type LandedTransaction, type SignatureInfo } from '../../../workers/indexer/chain-reader.ts';
import { DatabaseSink } from '../../../workers/indexer/database-sink.ts';
import { decodeEvents } from '../../../workers/indexer/event-decoder.ts';
import { EVENT_TABLES, EventStore, REWINDS_TABLE, type Target } from '../../../workers/indexer/event-store.ts';
import { IndexerEngine } from '../../../workers/indexer/indexer-engine.ts';
import { ObjectSink } from '../../../workers/indexer/object-sink.ts';
import { Rollbacks, ROLLBACKS_TABLE } from '../../../workers/indexer/rollbacks.ts';
import { TRANSACTION_TABLES } from '../../../workers/indexer/transaction-log.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { withStorage } from '../market/with-storage.ts';
import { Trader } from './trader.ts';

/** A node that lists less than it has, as real ones do now and then. Everything else is the real chain. */
export class ForgetfulReader extends ChainReader {
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
export function engineOver(storage: DurableObjectStorage) {
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
  const database = { isUp: true, taken: new Set<string>(), undone: [] as number[] };
  const project = (events: readonly IndexedEvent[]): Promise<{ held: Set<string> }> => {
    if (!database.isUp) return Promise.reject(new Error('the database cannot be reached'));
    for (const event of events)
      database.taken.add(`${String(event.data.owner)} ${event.signature}#${event.indexInTransaction}`);
    return Promise.resolve({ held: new Set() });
  };
  const program = addresses.program.toBase58();
  const rollbacks = new Rollbacks(storage.sql);
  const undo = (fromSlot: number): Promise<number> => {
    database.undone.push(fromSlot);
    return Promise.resolve(0);
  };
  /** As large as in the product unless a test makes it small. */
  const limits: { databaseBacklogMax?: number } = {};
  const takenBack: string[] = [];
  const takeBack = (events: readonly IndexedEvent[]): Promise<void> => {
    for (const { streams, name } of events) {
      for (const [key, seq] of [
        [streams.market?.symbol, streams.market?.seq],
        [streams.account?.owner, streams.account?.seq],
      ] as const) {
        if (key === undefined || seq === undefined) continue;
        takenBack.push(`${key} ${name}`);
        if (seq < (next.get(key) ?? 1n)) next.set(key, seq);
      }
    }
    return Promise.resolve();
  };
  const sink = new DatabaseSink({ store, rollbacks, project, undo, clock: systemClock, logger: silentLogger });
  const engine = new IndexerEngine({
    storage,
    clock: systemClock,
    logger: silentLogger,
    reader,
    store,
    objects: new ObjectSink(store, apply, systemClock, silentLogger),
    database: sink,
    rollbacks,
    takeBack,
    limits,
    decode: (transaction) =>
      decodeEvents(transaction, { program, eventAuthority: addresses.eventAuthority.toBase58() }),
    address: program,
    nudgePauseMs: 20,
    addressOfStream: (stream) =>
      stream.startsWith('account:')
        ? addresses.userAccount(Trader.keyOf(stream.slice('account:'.length))).toBase58()
        : null,
  });
  return { engine, reader, applied, takenBack, database, limits, store, sink };
}

export const withEngine = (
  body: (parts: ReturnType<typeof engineOver>, storage: DurableObjectStorage) => Promise<void>,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, [TRANSACTION_TABLES, EVENT_TABLES, REWINDS_TABLE, ROLLBACKS_TABLE]);
    return body(engineOver(storage), storage);
  });
