import type { Clock } from './clock.ts';

/** A clock that tests set. It starts in 2100, so that no alarm armed by it fires by itself. */
export class ManualClock implements Clock {
  #nowMs = Date.UTC(2100, 0, 1);

  nowMs(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
