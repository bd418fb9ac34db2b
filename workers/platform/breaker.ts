import { metrics } from './metrics/registry.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerOptions {
  readonly name: string;
  /** What it counts as; its name, where it is not given. */
  readonly part?: string;
  /** Failures in a row that open it. */
  readonly failuresMax?: number;
  /** How long it refuses before one try is let through. */
  readonly openMs?: number;
  /** After this long a probe counts as lost, and another one is let through. */
  readonly probeMsMax?: number;
  /** False for failures that say nothing about the other side's health, e.g. a refusal of our request. */
  readonly isFailure?: (error: unknown) => boolean;
  /** True for what ended before the other side could show anything, e.g. because the caller left: the count stays as it is. */
  readonly isUnknown?: (error: unknown) => boolean;
}

/** Not called: the part failed too often in a row. */
export class BreakerOpenError extends Error {
  override readonly name = 'BreakerOpenError';
}

/**
 * Stops calling a part that keeps failing: opens after `failuresMax` failures in a row, lets one call through after `openMs`
 * (half open), closes on its success and opens again on its failure. What is refused is refused at once: a call that waited for the probe
 * would wait for another request's.
 */
export class Breaker {
  readonly name: string;
  readonly #part: string;
  readonly #failuresMax: number;
  readonly #openMs: number;
  readonly #probeMsMax: number;
  readonly #isFailure: (error: unknown) => boolean;
  readonly #isUnknown: (error: unknown) => boolean;
  #failures = 0;
  #openedAtMs: number | null = null;
  #probeAtMs: number | null = null;

  constructor(options: BreakerOptions) {
    this.name = options.name;
    this.#part = options.part ?? options.name;
    this.#failuresMax = options.failuresMax ?? 5;
    this.#openMs = options.openMs ?? 5_000;
    this.#probeMsMax = options.probeMsMax ?? 35_000;
    this.#isFailure = options.isFailure ?? (() => true);
    this.#isUnknown = options.isUnknown ?? (() => false);
  }

  /** `half_open`: the next call is the probe, or one is under way. */
  get state(): BreakerState {
    if (this.#openedAtMs === null) return 'closed';
    return Date.now() - this.#openedAtMs >= this.#openMs ? 'half_open' : 'open';
  }

  /** @throws BreakerOpenError while open, or while half open with a probe under way; else whatever the operation throws. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    const { state } = this;
    if (state === 'open' || (state === 'half_open' && this.#isProbed())) throw this.#refusal();
    if (state === 'half_open') this.#probeAtMs = Date.now();
    try {
      const value = await operation();
      this.#close();
      return value;
    } catch (error) {
      // A refusal is an answer: it ends a row of failures as a success does.
      if (this.#isUnknown(error)) this.#probeAtMs = null;
      else if (this.#isFailure(error)) this.#fail();
      else this.#close();
      throw error;
    }
  }

  /** The platform drops a request whose caller left, without running another line of it: such a probe never ends. */
  #isProbed(): boolean {
    return this.#probeAtMs !== null && Date.now() - this.#probeAtMs < this.#probeMsMax;
  }

  #close(): void {
    this.#failures = 0;
    this.#openedAtMs = null;
    this.#probeAtMs = null;
  }

  #fail(): void {
    this.#failures += 1;
    if (this.#failures < this.#failuresMax) return;
    this.#openedAtMs = Date.now();
    this.#probeAtMs = null;
    metrics.count('quantdesk_breaker_openings_total', { part: this.#part });
  }

  #refusal(): BreakerOpenError {
    return new BreakerOpenError(`${this.name} failed ${this.#failuresMax} times in a row and is not called for now`);
  }
}
