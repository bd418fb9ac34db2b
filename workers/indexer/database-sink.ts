import type { IndexedEvent } from '#shared/events.ts';
import type { Clock } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { backoffMs } from '../platform/retry.ts';
import type { EventStore } from './event-store.ts';
import type { Rollbacks } from './rollbacks.ts';

/** Events of one call, which is one transaction of the database. */
const eventsPerCallMax = 200;
const retryPolicy = { retryDelayMsMin: 1_000, retryDelayMsMax: 30_000 };
/** Events behind a hole are given again after this time. */
const heldPauseMs = 2_000;

/** Applies events to the projection; answers those that wait for an earlier one, by `signature#place`. @throws when nothing was applied. */
export type Project = (events: readonly IndexedEvent[]) => Promise<{ readonly held: ReadonlySet<string> }>;

/** Takes back what events from a slot on did; once more does no harm. @throws when not all of it was. */
export type Undo = (fromSlot: number) => Promise<unknown>;

export const eventKey = (event: Pick<IndexedEvent, 'signature' | 'indexInTransaction'>): string =>
  `${event.signature}#${event.indexInTransaction}`;

export interface DatabaseSinkParts {
  readonly store: EventStore;
  readonly rollbacks: Rollbacks;
  readonly project: Project;
  readonly undo: Undo;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The second sink: the database. It has a backlog of its own, so that its outage never holds up an object. */
export class DatabaseSink {
  readonly #store: EventStore;
  readonly #rollbacks: Rollbacks;
  readonly #project: Project;
  readonly #undo: Undo;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #running: Promise<void> | null = null;
  #failures = 0;
  #pausedUntilMs = 0;
  #lastError: string | null = null;

  constructor({ store, rollbacks, project, undo, clock, logger }: DatabaseSinkParts) {
    this.#store = store;
    this.#rollbacks = rollbacks;
    this.#project = project;
    this.#undo = undo;
    this.#clock = clock;
    this.#logger = logger;
  }

  get lastError(): string | null {
    return this.#lastError;
  }

  /** Ends a pause: the next run tries at once. */
  wake(): void {
    this.#pausedUntilMs = 0;
  }

  /** Works the backlog off unless that is under way or paused. Never throws. */
  run(): Promise<void> {
    if (this.#running === null && this.#clock.nowMs() < this.#pausedUntilMs) return Promise.resolve();
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #drain(): Promise<void> {
    let after = 0;
    for (;;) {
      try {
        await this.#takeBack();
        const batch = this.#store.waitingForDatabase(eventsPerCallMax, after);
        if (batch.length === 0) break;
        const events = batch.map(({ event }) => event);
        await failpoint('indexer.projecting', 'indexer');
        const { held } = await this.#project(events);
        await failpoint('indexer.projected', 'indexer', () => this.#project(events));
        this.#store.settleDatabase(batch.filter(({ event }) => !held.has(eventKey(event))).map(({ id }) => id));
        this.#failures = 0;
        this.#lastError = null;
        // What is held stays behind; events of other streams after it go on.
        if (held.size > 0) {
          after = batch.at(-1)?.id ?? after;
          this.#pausedUntilMs = this.#clock.nowMs() + heldPauseMs;
        }
      } catch (error) {
        this.#failures += 1;
        this.#lastError = errorMessage(error);
        this.#pausedUntilMs = this.#clock.nowMs() + backoffMs(this.#failures, retryPolicy);
        metrics.count('quantdesk_projection_failures_total', {});
        this.#logger.warn('the database does not take events', { failures: this.#failures, error: this.#lastError });
        return;
      }
    }
  }

  /** Before anything new is applied. */
  async #takeBack(): Promise<void> {
    const fromSlot = this.#rollbacks.due('database');
    if (fromSlot === null) return;
    const undone = await this.#undo(fromSlot);
    this.#rollbacks.done('database', fromSlot);
    this.#logger.warn('the database took back what a fork undid', { from_slot: fromSlot, undone });
  }
}
