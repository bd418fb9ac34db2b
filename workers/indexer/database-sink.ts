import type { IndexedEvent } from '#shared/events.ts';
import type { Clock } from '../platform/clock.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { backoffMs } from '../platform/retry.ts';
import type { EventStore } from './event-store.ts';

/** Events of one call, which is one transaction of the database. */
const eventsPerCallMax = 200;
const retryPolicy = { retryDelayMsMin: 1_000, retryDelayMsMax: 30_000 };
/** Events behind a hole are given again after this time. */
const heldPauseMs = 2_000;

/** Applies events to the projection; answers those that wait for an earlier one, by `signature#place`. @throws when nothing was applied. */
export type Project = (events: readonly IndexedEvent[]) => Promise<{ readonly held: ReadonlySet<string> }>;

export const eventKey = (event: Pick<IndexedEvent, 'signature' | 'indexInTransaction'>): string =>
  `${event.signature}#${event.indexInTransaction}`;

/** The second sink: the database. It has a backlog of its own, so that its outage never holds up an object. */
export class DatabaseSink {
  readonly #store: EventStore;
  readonly #project: Project;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #running: Promise<void> | null = null;
  #failures = 0;
  #pausedUntilMs = 0;
  #lastError: string | null = null;

  constructor(store: EventStore, project: Project, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#project = project;
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
      const batch = this.#store.waitingForDatabase(eventsPerCallMax, after);
      if (batch.length === 0) break;
      try {
        const { held } = await this.#project(batch.map(({ event }) => event));
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
        this.#logger.warn('the database does not take events', { failures: this.#failures, error: this.#lastError });
        return;
      }
    }
  }
}
