import type { IndexedEvent } from '#shared/events.ts';
import type { Clock } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { backoffMs, withTimeout } from '../platform/retry.ts';
import { type EventStore, streamName, type Target } from './event-store.ts';

/** Bounds of a delivery. */
const eventsPerCallMax = 100;
const targetsPerRunMax = 200;
const callsAtOnceMax = 16;
const callTimeoutMs = 10_000;
const retryPolicy = { retryDelayMsMin: 250, retryDelayMsMax: 15_000 };
/** A stream behind a hole is offered again after this time, in case the hole was filled elsewhere. */
const holePauseMs = 1_000;

/** Hands events to an object and answers the next number it expects. @throws when the answer is unknown. */
export type ApplyEvents = (target: Target, events: readonly IndexedEvent[]) => Promise<{ readonly nextSeq: bigint }>;

/**
 * The first sink: objects. Each stream goes to its object strictly in order, streams side by side; an object that does not answer, or
 * misses an event, holds up nobody else.
 */
export class ObjectSink {
  readonly #store: EventStore;
  readonly #apply: ApplyEvents;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** When a stream may be tried again, and how often it failed in a row. In memory: after a restart all are tried. */
  readonly #pauses = new Map<string, { readonly untilMs: number; readonly failures: number }>();

  constructor(store: EventStore, apply: ApplyEvents, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#apply = apply;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** A stream whose object does not take its events; null when all do. */
  get lastError(): string | null {
    for (const [stream, { failures }] of this.#pauses) {
      if (failures > 0) return `${stream} did not take its events ${failures} times in a row`;
    }
    return null;
  }

  /** Delivers what waits and may be tried now. Never throws. */
  async run(): Promise<void> {
    const now = this.#clock.nowMs();
    const due = this.#store
      .targets(targetsPerRunMax)
      .filter((target) => (this.#pauses.get(streamName(target))?.untilMs ?? 0) <= now);
    const lanes = Array.from({ length: Math.min(callsAtOnceMax, due.length) }, async () => {
      for (let target = due.shift(); target !== undefined; target = due.shift()) await this.#deliver(target);
    });
    await Promise.all(lanes);
  }

  async #deliver(target: Target): Promise<void> {
    const stream = streamName(target);
    for (;;) {
      const events = this.#store.waitingFor(target, eventsPerCallMax);
      if (events.length === 0) return;
      try {
        await failpoint('indexer.delivering', stream);
        const { nextSeq } = await withTimeout(() => this.#apply(target, events), callTimeoutMs);
        await failpoint('indexer.delivered', stream, () => this.#apply(target, events));
        const settled = this.#store.settle(target, nextSeq, this.#clock.nowMs());
        this.#pauses.delete(stream);
        if (settled > 0) continue;
        this.#pauses.set(stream, { untilMs: this.#clock.nowMs() + holePauseMs, failures: 0 });
        return;
      } catch (error) {
        const failures = (this.#pauses.get(stream)?.failures ?? 0) + 1;
        const untilMs = this.#clock.nowMs() + backoffMs(failures, retryPolicy);
        this.#pauses.set(stream, { untilMs, failures });
        this.#logger.warn('events wait for their object', { stream, failures, error: errorMessage(error) });
        return;
      }
    }
  }
}
