import type { Outbox } from '../platform/outbox.ts';
import type { Timers } from '../platform/timers.ts';
import type { AccountStream } from './account-stream.ts';
import { advance, isFinished, type OrderTransition, type StoredOrder } from './order-machine.ts';
import type { OrderStore } from './order-store.ts';

/** Outbox topics of an order's effects. */
export const TOPIC = {
  /** Lane per market: execute accepted, triggered and submitted orders. Payload: order id. */
  execute: 'execute',
  /** Lane per order: put into the market's trigger book. Payload: order id. */
  rest: 'rest',
  /** Lane per order: take out of the trigger book. Payload: version. */
  unrest: 'unrest',
  /** Lane per order: write the read model. */
  project: 'project',
} as const;

/** Timer of an order that is good till a time. */
export const EXPIRE_TIMER = 'expire';

interface LedgerParts {
  readonly storage: DurableObjectStorage;
  readonly store: OrderStore;
  readonly outbox: Outbox;
  readonly timers: Timers;
  readonly stream: AccountStream;
}

/**
 * The one way an order changes: one transaction stores the new form by compare-and-set, its effects in the outbox, its timers and its
 * numbered announcement. `publish` tells sockets, waiters and the outbox afterwards: state is written before it is announced.
 */
export class OrderLedger {
  readonly #parts: LedgerParts;
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #changed = new Set<string>();

  constructor(parts: LedgerParts) {
    this.#parts = parts;
  }

  /** Stores a new order. Belongs inside the transaction of its command. */
  insert(order: StoredOrder): void {
    this.#parts.store.insert(order);
    if (order.expiresAtMs !== null) this.#parts.timers.set(EXPIRE_TIMER, order.orderId, order.expiresAtMs);
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

  /** The stored version of an order; 0 for none. */
  version(orderId: string): number {
    return this.#parts.store.get(orderId)?.version ?? 0;
  }

  /** Tells everybody what was stored since the last time. */
  publish(): void {
    this.#parts.stream.flush();
    for (const orderId of this.#changed) for (const wake of this.#waiters.get(orderId) ?? []) wake();
    this.#changed.clear();
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
    const { outbox, timers, stream } = this.#parts;
    this.#changed.add(after.orderId);
    if (after.stage === 'resting') outbox.add(TOPIC.rest, after.orderId, after.orderId);
    if (before?.stage === 'resting' && after.stage !== 'resting') {
      outbox.add(TOPIC.unrest, after.orderId, String(before.version));
    }
    const starts = after.stage === 'accepted' || after.stage === 'triggered';
    if (starts && before?.stage !== after.stage) outbox.add(TOPIC.execute, after.symbol, after.orderId);
    if (isFinished(after.stage) && after.expiresAtMs !== null) timers.clear(EXPIRE_TIMER, after.orderId);
    outbox.addOnce(TOPIC.project, after.orderId);
    stream.recordOrder(after);
  }
}
