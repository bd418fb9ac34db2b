import type { IndexedEvent } from '#shared/events.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { type ChainReader, type LandedTransaction, pageEntriesMax, statusesPerRequestMax } from './chain-reader.ts';
import type { IndexerStatus } from './contract.ts';
import type { DatabaseSink } from './database-sink.ts';
import type { EventStore } from './event-store.ts';
import type { ObjectSink } from './object-sink.ts';
import type { Rollbacks } from './rollbacks.ts';
import { type KnownTransaction, TransactionLog } from './transaction-log.ts';

/** Bounds of one run. */
const pagesPerRunMax = 20;
/** Few enough that the objects get what was read within a second. */
const transactionsPerRunMax = 128;
const readsAtOnceMax = 8;
/** When as many wait as one run reads, somebody floods the program, or the indexer was away. */
const readsAtOnceBehindMax = 16;
/** Pages of final transactions compared in one look at finality. */
const finalPagesPerRunMax = 10;
/** Times a listed transaction may be missing before it counts as gone. */
const missesMax = 20;
/** Times a read transaction may be unknown at finality before it counts as gone. */
const finalMissesMax = 3;
const finalityPauseMs = 2_000;
/** Between two listings down to the cursor; the others end where something known begins. */
const relistPauseMs = 2_000;
/** Transactions read before their turn because somebody waits for them. */
const urgentMax = 64;
const pruneEveryMs = 60_000;
/** A hole is fetched again after this time: until then the missing event is probably on its way. */
const holePatienceMs = 2_000;
const holesPerRunMax = 5;
export const holesShownMax = 20;
/** Events kept for a database that is away. Beyond them it is caught up from the chain later; the objects go on all the same. */
const databaseBacklogMax = 200_000;
const slotMs = 400;
/** The failpoints' name of the indexer. */
const SUBJECT = 'indexer';

export interface IndexerEngineOptions {
  readonly storage: DurableObjectStorage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly reader: ChainReader;
  readonly store: EventStore;
  readonly objects: ObjectSink;
  readonly database: DatabaseSink;
  readonly decode: (transaction: LandedTransaction) => IndexedEvent[];
  /**
   * What every transaction of the exchange names. The program's own id is the only such address: `set_delegate`, `refresh_market` and others
   * touch neither Exchange nor Pool, and events are self-calls, so every instruction names the program.
   */
  readonly address: string;
  /** The account whose transactions make a stream (`market:…`, `account:…`), for fetching a hole. Null where it is unknown. */
  readonly addressOfStream: (stream: string) => string | null;
  /** Called with a transaction's events inside the storage transaction that keeps them. */
  readonly onKept?: (events: readonly IndexedEvent[]) => void;
  readonly rollbacks: Rollbacks;
  /** Has the objects forget events that a fork undid, and read the chain. Once more does no harm. @throws when one may not have. */
  readonly takeBack: (events: readonly IndexedEvent[]) => Promise<void>;
  /** Called with the events of a fork inside the storage transaction that forgets them. */
  readonly onTakenBack?: (events: readonly IndexedEvent[]) => void;
  /** Of another size for tests. */
  readonly limits?: { readonly databaseBacklogMax?: number };
  /** Between two looks for a nudged transaction: a public node allows few requests a second. */
  readonly nudgePauseMs: number;
}

/** Reads the program's transactions in order, keeps their events, and sees them delivered: objects first, the database second. */
export class IndexerEngine {
  readonly #options: IndexerEngineOptions;
  readonly #log: TransactionLog;
  #running: Promise<void> | null = null;
  #lastReadAtMs: number;
  #verifiedAtMs = 0;
  #relistedAtMs = 0;
  /** Signatures that callers wait for. In memory: who waited is gone after a restart. */
  readonly #urgent = new Set<string>();
  #prunedAtMs = 0;
  #lastError: string | null = null;

  constructor(options: IndexerEngineOptions) {
    this.#options = options;
    this.#log = new TransactionLog(options.storage);
    this.#lastReadAtMs = options.clock.nowMs();
  }

  /** One run: pages, transactions, objects; the database beside it. One at a time. Never throws. */
  poll(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Reads until the events of `signature` are with the objects, at most `timeoutMs`. Answers what is known of them then. */
  async nudge(signature: string, timeoutMs: number): Promise<readonly IndexedEvent[]> {
    const { clock, store } = this.#options;
    const deadlineMs = clock.nowMs() + timeoutMs;
    if (this.#urgent.size < urgentMax) this.#urgent.add(signature);
    try {
      for (;;) {
        await this.poll();
        const events = this.#log.isRead(signature) ? store.delivered(signature) : null;
        if (events !== null) return events;
        if (clock.nowMs() >= deadlineMs) return store.eventsOf(signature);
        await sleep(this.#options.nudgePauseMs);
      }
    } finally {
      this.#urgent.delete(signature);
    }
  }

  status(): IndexerStatus {
    const { clock, store, objects, database } = this.#options;
    return {
      lastSignature: this.#log.newest()?.signature ?? null,
      lagSlots: Math.max(0, Math.floor((clock.nowMs() - this.#lastReadAtMs) / slotMs)),
      holes: store.holes(holesShownMax).map((hole) => hole.stream),
      databaseBacklog: store.databaseBacklog(),
      lastError: this.#lastError ?? objects.lastError ?? database.lastError,
    };
  }

  async #run(): Promise<void> {
    const { objects, database, logger } = this.#options;
    try {
      await this.#rollBack();
      const complete = await this.#collect();
      const caughtUp = await this.#read();
      if (complete && caughtUp) this.#lastReadAtMs = this.#options.clock.nowMs();
      this.#lastError = null;
    } catch (error) {
      this.#lastError = errorMessage(error);
      metrics.count('quantdesk_indexer_read_failures_total', {});
      logger.warn('the chain could not be read', { error: this.#lastError });
    }
    await objects.run();
    void database.run();
    await this.#mend();
  }

  /**
   * Pages from the newest transaction down to the cursor; between two such listings down to what is known, so that a poll costs what is new
   * and not all that is not final yet. False when the bound of a run was reached first.
   */
  async #collect(): Promise<boolean> {
    const { reader, address, clock } = this.#options;
    const isFull = clock.nowMs() - this.#relistedAtMs >= relistPauseMs;
    const until = isFull ? this.#log.cursor() : (this.#log.newest()?.signature ?? null);
    for (let pages = 0; pages < pagesPerRunMax; pages++) {
      const page = await reader.page(address, { before: this.#log.stagedBefore(), until });
      await failpoint('indexer.listed', SUBJECT);
      this.#log.stage(page);
      if (page.length < pageEntriesMax || (!isFull && this.#log.knowsAnyOf(page))) {
        if (isFull) this.#relistedAtMs = clock.nowMs();
        this.#log.commitStaged();
        return true;
      }
    }
    return false;
  }

  /** Reads listed transactions, oldest first, some at once. False when some are left. */
  async #read(): Promise<boolean> {
    const unread = this.#log.unread(transactionsPerRunMax, this.#urgent);
    const atOnceMax = unread.length < transactionsPerRunMax ? readsAtOnceMax : readsAtOnceBehindMax;
    for (let at = 0; at < unread.length; at += atOnceMax) {
      const slice = unread.slice(at, at + atOnceMax);
      const found = await Promise.all(slice.map(({ signature }) => this.#options.reader.transaction(signature)));
      await failpoint('indexer.read', SUBJECT);
      found.forEach((transaction, index) => {
        const known = slice[index];
        if (known === undefined) return;
        if (transaction !== null) this.#keep(transaction);
        else if (known.misses < missesMax) this.#log.markMissed(known.signature);
        else this.#gone(known);
      });
      await failpoint('indexer.kept', SUBJECT);
    }
    return unread.length < transactionsPerRunMax;
  }

  #keep(transaction: LandedTransaction): void {
    const { storage, store, decode, clock } = this.#options;
    const events = transaction.failed ? [] : decode(transaction);
    const max = this.#options.limits?.databaseBacklogMax ?? databaseBacklogMax;
    storage.transactionSync(() => {
      const hasRoom = store.databaseBacklogAtMost() < max;
      if (!hasRoom) store.noteRewind(this.#log.before(transaction.signature));
      store.add(events, clock.nowMs(), hasRoom);
      this.#options.onKept?.(events);
      this.#log.markRead(transaction.signature);
    });
    this.#tell(transaction, events);
  }

  /** One line per transaction that says something, with the orders it executed: the way from the chain back to who asked. */
  #tell({ signature, slot }: LandedTransaction, events: readonly IndexedEvent[]): void {
    if (events.length === 0) return;
    metrics.count('quantdesk_indexer_events_total', {}, events.length);
    const orders = new Set(events.flatMap(({ data }) => (typeof data.orderId === 'string' ? [data.orderId] : [])));
    const names = events.map(({ name }) => name);
    this.#options.logger.info('events read', { signature, slot, events: names, order_ids: [...orders] });
  }

  /** Finality, holes and pruning: each with its own pause. Never throws. */
  async #mend(): Promise<void> {
    const { clock, logger, store } = this.#options;
    const now = clock.nowMs();
    try {
      if (now - this.#verifiedAtMs >= finalityPauseMs) {
        this.#verifiedAtMs = now;
        await this.#verify();
        for (const hole of store.holes(holesPerRunMax)) {
          if (now - hole.sinceMs >= holePatienceMs) await this.#fetchHole(hole.stream);
        }
      }
      if (now - this.#prunedAtMs >= pruneEveryMs) {
        this.#prunedAtMs = now;
        this.#log.prune();
        store.prune(now);
      }
      const rewind = store.takeRewind();
      if (rewind !== null) {
        logger.warn('the database is caught up from the chain', { after: rewind.after });
        this.#log.rewind(rewind.after);
      }
    } catch (error) {
      logger.warn('finality could not be read', { error: errorMessage(error) });
    }
  }

  /** Looks at confirmed transactions again once their slot is final. */
  async #verify(): Promise<void> {
    const { reader } = this.#options;
    const finalizedSlot = await reader.finalizedSlot();
    await this.#verifyByPages(finalizedSlot);
    const due = this.#log.toVerify(finalizedSlot, statusesPerRequestMax);
    if (due.length === 0) return;
    const states = await reader.finality(due);
    await failpoint('indexer.final', SUBJECT);
    states.forEach((state, index) => {
      const known = due[index];
      if (known === undefined || state === 'pending') return;
      if (state === 'final') this.#log.markFinal([known]);
      else if (known.misses < finalMissesMax) this.#log.markMissed(known.signature);
      else this.#gone(known);
    });
  }

  /** When there are many (somebody floods the program), the list of what is final says a thousand at once. */
  async #verifyByPages(finalizedSlot: number): Promise<void> {
    const { reader, address } = this.#options;
    for (let pages = 0; pages < finalPagesPerRunMax; pages++) {
      const due = this.#log.toVerify(finalizedSlot, pageEntriesMax);
      const last = due.at(-1);
      if (last === undefined || due.length <= statusesPerRequestMax) return;
      const range = { before: this.#log.after(last.number), until: this.#log.cursor() };
      if (this.#log.markFinal(await reader.page(address, range, 'finalized')) === 0) return;
    }
  }

  /** A fork took back, or moved, what was confirmed. What was never read is forgotten; else everything from that slot on is read again. */
  #gone({ signature, slot }: KnownTransaction): void {
    const { logger, rollbacks } = this.#options;
    logger.warn('a listed transaction vanished', { signature, slot });
    if (this.#log.isRead(signature)) rollbacks.note(slot);
    else this.#log.forget(signature);
  }

  /** Has the objects take back what a fork undid, before anything else is read. @throws when one may not have: the next run tries again. */
  async #rollBack(): Promise<void> {
    const { store, storage, rollbacks, takeBack, onTakenBack, logger } = this.#options;
    const fromSlot = rollbacks.due('objects');
    if (fromSlot === null) return;
    const events = store.eventsFrom(fromSlot);
    await takeBack(events);
    storage.transactionSync(() => {
      onTakenBack?.(events);
      store.removeFrom(fromSlot);
      this.#log.removeFrom(fromSlot);
      rollbacks.done('objects', fromSlot);
    });
    this.#relistedAtMs = 0;
    metrics.count('quantdesk_indexer_forks_total', {});
    logger.error('the objects took back what a fork undid', { from_slot: fromSlot, events: events.length });
  }

  /** Fetches the newest transactions of a stream's own account: the missing event is in one that the program's list left out. */
  async #fetchHole(stream: string): Promise<void> {
    const { reader, addressOfStream, logger } = this.#options;
    const address = addressOfStream(stream);
    if (address === null) return;
    const page = await reader.page(address, { before: null, until: null });
    const added = this.#log.addFound([...page].reverse());
    logger.warn('a stream has a hole', { stream, transactions_found: added });
  }
}
