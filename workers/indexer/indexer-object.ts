import { DurableObject } from 'cloudflare:workers';
import { PublicKey } from '@solana/web3.js';
import type { IndexedEvent } from '#shared/events.ts';
import { isMarketSymbol } from '#shared/markets.ts';
import { createDatabase } from '#db/client.ts';
import { undoFrom } from '#db/projection/undo.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import type { Addresses } from '../chain/addresses.ts';
import { chainOf } from '../chain/chain.ts';
import { type Env, readSettings } from '../env.ts';
import { handOverDue } from '../observability/sinks.ts';
import { sleep, systemClock } from '../platform/clock.ts';
import { abortable, failpoint } from '../platform/failpoint.ts';
import { newId } from '../platform/ids.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { withTimeout } from '../platform/retry.ts';
import { migrate } from '../platform/sql.ts';
import { type Timer, Timers } from '../platform/timers.ts';
import { ChainReader } from './chain-reader.ts';
import type { IndexerRpc, IndexerStatus } from './contract.ts';
import { DatabaseSink } from './database-sink.ts';
import { decodeEvents } from './event-decoder.ts';
import { EventStore } from './event-store.ts';
import {
  closeRequestDueMs,
  closeRequestFromMs,
  closeRequestMessage,
  type FollowUpKind,
  followUpsOf,
} from './follow-ups.ts';
import { IndexerEngine } from './indexer-engine.ts';
import { ObjectSink } from './object-sink.ts';
import { Rollbacks } from './rollbacks.ts';
import { INDEXER_MIGRATIONS } from './schema.ts';
import { takeBackFromObjects } from './take-back.ts';
import { type QueuedWithdrawal, WithdrawalQueue } from './withdrawal-queue.ts';

/** The shortest pause between two reads; a nudge does not wait for it. */
const pollMsMin = 400;
/** Keeps the object in memory, and starts the loop again if it was not. */
const heartbeatMs = 10_000;
const HEARTBEAT = 'heartbeat';
const followUpTimeoutMs = 5_000;
const nudgeMsMax = 30_000;
/** Places of the withdrawals' queue in one answer. */
const queuedWithdrawalsMax = 100;

/** Follows the program's transactions and hands their events to the objects and the database. One instance, named `main`. */
export class IndexerObject extends DurableObject<Env> implements IndexerRpc {
  readonly #engine: IndexerEngine;
  readonly #database: DatabaseSink;
  readonly #logger: Logger;
  readonly #timers: Timers;
  readonly #withdrawals: WithdrawalQueue;
  readonly #pollMs: number;
  #isLooping = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const settings = readSettings(env);
    const clock = systemClock;
    const logger = createLogger({ fields: { part: 'indexer' } });
    this.#logger = logger;
    migrate(ctx.storage, INDEXER_MIGRATIONS);
    abortable('indexer', ctx);
    this.#timers = new Timers(ctx.storage, clock, logger);
    this.#pollMs = Math.max(pollMsMin, settings.CONFIRM_POLL_MS);
    const { rpc, addresses } = chainOf(settings);
    const { DATABASE_URL: databaseUrl, DATABASE_HTTP_ENDPOINT: httpEndpoint } = settings;
    const database = createDatabase({ databaseUrl, httpEndpoint });
    const projection = createProjectionRepository(database, (owner, symbol) =>
      positionAddress(addresses, owner, symbol),
    );
    const rollbacks = new Rollbacks(ctx.storage.sql);
    this.#withdrawals = new WithdrawalQueue(ctx.storage.sql);
    const store = new EventStore(ctx.storage);
    const objects = new ObjectSink(
      store,
      ({ kind, name }, events) =>
        kind === 'market'
          ? env.MARKETS.getByName(name).applyEvents(events)
          : env.ACCOUNTS.getByName(name).applyEvents(events),
      clock,
      logger,
    );
    this.#database = new DatabaseSink({
      ...{ store, rollbacks, clock, logger },
      project: async (events) => ({ held: new Set((await projection.apply(events)).held.map(({ key }) => key)) }),
      undo: (fromSlot) => undoFrom(database, fromSlot),
    });
    const program = addresses.program.toBase58();
    const eventAuthority = addresses.eventAuthority.toBase58();
    this.#engine = new IndexerEngine({
      storage: ctx.storage,
      clock,
      logger,
      reader: new ChainReader(rpc),
      store,
      objects,
      database: this.#database,
      decode: (transaction) => decodeEvents(transaction, { program, eventAuthority }),
      address: program,
      rollbacks,
      takeBack: (events) =>
        takeBackFromObjects(events, {
          account: (wallet, signatures) => env.ACCOUNTS.getByName(wallet).takeBack(signatures),
          market: (symbol, fork) => env.MARKETS.getByName(symbol).takeBack(fork),
        }),
      onTakenBack: (events) => this.#withdrawals.takeBack(events),
      onKept: (events) => {
        this.#withdrawals.note(events);
        for (const { kind, key } of followUpsOf(events)) this.#timers.setAtLatest(kind, key, clock.nowMs());
      },
      addressOfStream: (stream) => streamAddress(addresses, stream),
      nudgePauseMs: settings.CONFIRM_POLL_MS,
    });
    this.#timers.setAtLatest(HEARTBEAT, '', clock.nowMs() + heartbeatMs);
    this.#keepGoing();
  }

  async nudge(signature: string, timeoutMs: number): Promise<readonly IndexedEvent[]> {
    this.#keepGoing();
    return this.#engine.nudge(signature, Math.min(timeoutMs, nudgeMsMax));
  }

  async status(): Promise<IndexerStatus> {
    this.#keepGoing();
    return this.#engine.status();
  }

  async queuedWithdrawals(limit: number): Promise<readonly QueuedWithdrawal[]> {
    this.#keepGoing();
    return this.#withdrawals.first(Math.min(limit, queuedWithdrawalsMax));
  }

  async sweep(): Promise<IndexerStatus> {
    this.#timers.setAtLatest(HEARTBEAT, '', systemClock.nowMs() + heartbeatMs);
    this.#database.wake();
    this.#keepGoing();
    return this.#engine.status();
  }

  override async alarm(): Promise<void> {
    await this.#timers.runDue((timer) => this.#onTimer(timer));
  }

  async #onTimer(timer: Timer): Promise<void> {
    if (timer.kind !== HEARTBEAT) {
      await withTimeout(() => this.#followUp(timer), followUpTimeoutMs);
      return failpoint('followup.sent', timer.kind, () => this.#followUp(timer));
    }
    this.#timers.set(HEARTBEAT, '', systemClock.nowMs() + heartbeatMs);
    handOverDue(this.env);
    this.#keepGoing();
  }

  async #followUp({ kind, key }: Timer): Promise<void> {
    switch (kind as FollowUpKind) {
      case 'pool-request':
        return this.env.ACCOUNTS.getByName(key).attendPoolRequest();
      case 'settled-position':
        return this.env.ACCOUNTS.getByName(key).refresh();
      case 'close-request':
        return this.#queueCloseRequest(kind, key);
    }
  }

  async #queueCloseRequest(kind: string, key: string): Promise<void> {
    const fromMs = closeRequestFromMs(key);
    if (systemClock.nowMs() < fromMs) return this.#timers.set(kind, key, fromMs);
    await this.env.RISK_CHECKS.send(closeRequestMessage(key, newId()));
    const dueMs = closeRequestDueMs(key, systemClock.nowMs());
    if (dueMs !== null) this.#timers.set(kind, key, dueMs);
  }

  #keepGoing(): void {
    if (this.#isLooping) return;
    this.#isLooping = true;
    void this.#loop();
  }

  /** Reads for as long as the object lives; the alarm keeps it alive, and starts the loop again should a run ever fail. */
  async #loop(): Promise<void> {
    try {
      for (;;) {
        await this.#engine.poll();
        await sleep(this.#pollMs);
      }
    } catch (error) {
      this.#logger.error('the indexer stopped and is started again', { error });
    } finally {
      this.#isLooping = false;
    }
  }
}

function positionAddress(addresses: Addresses, owner: string, symbol: string): string {
  if (!isMarketSymbol(symbol)) throw new RangeError(`${symbol} is not a market`);
  return addresses.position(new PublicKey(owner), symbol).toBase58();
}

/** The account that every event of a stream changes. */
function streamAddress(addresses: Addresses, stream: string): string | null {
  const [kind = '', name = ''] = stream.split(':');
  if (kind === 'market') return isMarketSymbol(name) ? addresses.market(name).toBase58() : null;
  return kind === 'account' ? addresses.userAccount(new PublicKey(name)).toBase58() : null;
}
