import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerOptions {
  readonly name: string;
  /** Failures in a row that open it. */
  readonly failuresMax?: number;
  /** How long it refuses before one try is let through. */
  readonly openMs?: number;
  readonly clock?: Clock;
  /** False for failures that say nothing about the other side's health, e.g. a refusal of our request. */
  readonly isFailure?: (error: unknown) => boolean;
}

export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
}

/**
 * Stops calling a part that keeps failing: opens after `failuresMax` failures in a row, lets one call through after `openMs`
 * (half open), closes on its success and opens again on its failure.
 */
export class Breaker {
  readonly name: string;
  readonly #failuresMax: number;
  readonly #openMs: number;
  readonly #clock: Clock;
  readonly #isFailure: (error: unknown) => boolean;
  #failures = 0;
  #openedAtMs: number | null = null;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.name = options.name;
    this.#failuresMax = options.failuresMax ?? 5;
    this.#openMs = options.openMs ?? 5_000;
    this.#clock = options.clock ?? systemClock;
    this.#isFailure = options.isFailure ?? (() => true);
  }

  get state(): BreakerState {
    if (this.#openedAtMs === null) return 'closed';
    return this.#clock.nowMs() - this.#openedAtMs >= this.#openMs ? 'half_open' : 'open';
  }

  /** @throws BreakerOpenError while open, or while half open with a probe under way; else whatever the operation throws. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    const state = this.state;
    if (state === 'open' || (state === 'half_open' && this.#probing)) {
      throw new BreakerOpenError(`${this.name} failed ${this.#failuresMax} times in a row and is not called for now`);
    }
    if (state === 'half_open') this.#probing = true;
    try {
      const value = await operation();
      this.#close();
      return value;
    } catch (error) {
      if (this.#isFailure(error)) this.#fail();
      else this.#close();
      throw error;
    } finally {
      if (state === 'half_open') this.#probing = false;
    }
  }

  #close(): void {
    this.#failures = 0;
    this.#openedAtMs = null;
  }

  #fail(): void {
    this.#failures += 1;
    if (this.#failures >= this.#failuresMax) this.#openedAtMs = this.#clock.nowMs();
  }
}
