import type { Outbox } from '../platform/outbox.ts';
import type { Timers } from '../platform/timers.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { AccountStream } from './account-stream.ts';
import { advance, isFinished, isProtective, type OrderTransition, type StoredOrder } from './order-machine.ts';
import { type OrderNews, orderNewsMax, tellOrder } from './order-news.ts';
import type { OrderStore } from './order-store.ts';

/** Outbox topics of an order's effects. */
export const TOPIC = {
  /** Two lanes per market, `laneOf`: execute accepted, triggered and submitted orders. Payload: order id. */
  execute: 'execute',
  /** Lane per order: its pause is over, it goes back into its lane of `execute`. Payload: order id. */
  retry: 'retry',
  /** Lane per order: put into the market's trigger book. Payload: order id. */
  rest: 'rest',
  /** Lane per order: take out of the trigger book. Payload: version. */
  unrest: 'unrest',
  /** Lane per order: write the read model. */
  project: 'project',
} as const;

/**
 * What protects a position waits behind nothing that opens one. Both lanes may have an attempt under way: the position's command number
 * lets one land, and the other is planned again.
 */
const laneOf = (order: StoredOrder): string => (isProtective(order) ? `reduce ${order.symbol}` : order.symbol);

/** Timer of an order that is good till a time. */
export const EXPIRE_TIMER = 'expire';
/** Timer of an order that must be submitted by then. */
export const SUBMIT_BY_TIMER = 'submit_by';

export interface LedgerParts {
  readonly storage: DurableObjectStorage;
  readonly store: OrderStore;
  readonly outbox: Outbox;
  readonly timers: Timers;
  readonly stream: AccountStream;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What else changes with an order, in its transaction. */
  readonly follow: (before: StoredOrder | null, after: StoredOrder) => void;
}

/**
 * The one way an order changes: one transaction stores the new form by compare-and-set, its effects in the outbox, its timers and its
 * numbered announcement. `publish` tells sockets, waiters and the outbox afterwards: state is written before it is announced.
 */
export class OrderLedger {
  readonly #parts: LedgerParts;
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #changed = new Set<string>();
  #news: OrderNews[] = [];

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Stores a new order. Belongs inside the transaction of its command. */
  insert(order: StoredOrder): void {
    this.#parts.store.insert(order);
    this.#effects(null, order);
  }

  /**
   * Changes an order if the machine allows it, and, where given, if it still has that version. Null: it did not.
   * Inside a transaction of the caller it joins it; call `publish` afterwards.
   */
  apply(orderId: string, transition: OrderTransition, expectedVersion: number | null = null): StoredOrder | null {
    return this.#parts.storage.transactionSync(() => {
      const before = this.#parts.store.get(orderId);
      if (before === null || (expectedVersion !== null && before.version !== expectedVersion)) return null;
      const after = advance(before, transition);
      if (after === null || !this.#parts.store.update(after, before.version)) return null;
      this.#effects(before, after);
      return after;
    });
  }

  /** Leaves an order's lane to the others for so long. One that pauses already comes back when that is over. */
  pause(orderId: string, pauseMs: number): void {
    this.#parts.outbox.addOnce(TOPIC.retry, orderId, orderId, pauseMs);
  }

  /** Its pause is over. */
  resume(orderId: string): void {
    const order = this.#parts.store.get(orderId);
    if (order !== null) this.#parts.outbox.add(TOPIC.execute, laneOf(order), orderId);
  }

  /** The stored version of an order; 0 for none. */
  version(orderId: string): number {
    return this.#parts.store.get(orderId)?.version ?? 0;
  }

  /** Tells everybody what was stored since the last time. */
  publish(): void {
    this.#parts.stream.flush();
    for (const orderId of this.#changed) for (const wake of this.#waiters.get(orderId) ?? []) wake();
    this.#changed.clear();
    const { logger, clock } = this.#parts;
    for (const news of this.#news) tellOrder(news, logger, clock);
    this.#news = [];
    this.#parts.outbox.drain();
  }

  /** Resolves when the order is newer than `version` or finished, at most after `timeoutMs`. */
  async wait(orderId: string, version: number, timeoutMs: number): Promise<StoredOrder | null> {
    const isNews = (order: StoredOrder | null): boolean =>
      order === null || order.version > version || isFinished(order.stage);
    const current = this.#parts.store.get(orderId);
    if (isNews(current)) return current;
    await this.#sleepUntilChange(orderId, timeoutMs);
    return this.#parts.store.get(orderId);
  }

  #sleepUntilChange(orderId: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(orderId) ?? new Set();
      this.#waiters.set(orderId, waiters);
      const timer = setTimeout(wake, timeoutMs);
      waiters.add(wake);
      const waiting = this.#waiters;
      function wake(): void {
        clearTimeout(timer);
        waiters.delete(wake);
        if (waiters.size === 0) waiting.delete(orderId);
        resolve();
      }
    });
  }

  #effects(before: StoredOrder | null, after: StoredOrder): void {
    const { outbox, stream } = this.#parts;
    this.#changed.add(after.orderId);
    if (this.#news.length < orderNewsMax) this.#news.push({ before, after });
    if (after.stage === 'resting') outbox.add(TOPIC.rest, after.orderId, after.orderId);
    if (before?.stage === 'resting' && after.stage !== 'resting') {
      outbox.add(TOPIC.unrest, after.orderId, String(before.version));
    }
    const starts = after.stage === 'accepted' || after.stage === 'triggered';
    if (starts && before?.stage !== after.stage) outbox.add(TOPIC.execute, laneOf(after), after.orderId);
    this.#setTimer(
      EXPIRE_TIMER,
      after,
      before?.expiresAtMs ?? null,
      isFinished(after.stage) ? null : after.expiresAtMs,
    );
    this.#setTimer(SUBMIT_BY_TIMER, after, before?.submitByMs ?? null, starts ? after.submitByMs : null);
    outbox.addOnce(TOPIC.project, after.orderId);
    stream.recordOrder(after);
    this.#parts.follow(before, after);
  }

  #setTimer(kind: string, { orderId }: StoredOrder, beforeMs: number | null, afterMs: number | null): void {
    if (afterMs !== null) {
      if (afterMs !== beforeMs) this.#parts.timers.set(kind, orderId, afterMs);
    } else if (beforeMs !== null) this.#parts.timers.clear(kind, orderId);
  }
}
