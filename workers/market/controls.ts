import type { MarketOperation } from '#shared/protocol/market.ts';
import type { Clock } from '../platform/clock.ts';
import type { MarketControls, MarketSwitches, SwitchChange } from './contract.ts';
import type { Facts } from './market-tables.ts';
import type { PriceBrake } from './price-brake.ts';

const SWITCHES = 'switches';

/** What operators switched off in a market, and its brake. Stored: an object that starts again holds back what it held back. */
export class Controls {
  readonly #facts: Facts;
  readonly #clock: Clock;
  readonly #brake: PriceBrake;
  #switches: MarketSwitches;

  constructor(facts: Facts, clock: Clock, brake: PriceBrake) {
    this.#facts = facts;
    this.#clock = clock;
    this.#brake = brake;
    this.#switches = facts.get<MarketSwitches>(SWITCHES) ?? {};
  }

  get switches(): MarketSwitches {
    return this.#switches;
  }

  isOff(operation: MarketOperation): boolean {
    return operation in this.#switches;
  }

  /** Idempotent: what already is as asked keeps its author, reason and time; `before` and `after` are the same value then. */
  set({ operation, off, by, reason }: SwitchChange): {
    readonly before: MarketSwitches;
    readonly after: MarketSwitches;
  } {
    const before = this.#switches;
    if (off === this.isOff(operation)) return { before, after: before };
    const { [operation]: _, ...others } = before;
    const after = off ? { ...others, [operation]: { by, reason, sinceMs: this.#clock.nowMs() } } : others;
    this.#facts.set(SWITCHES, after);
    this.#switches = after;
    return { before, after };
  }

  current(): MarketControls {
    return { off: Object.keys(this.#switches) as MarketOperation[], brake: this.#brake.current };
  }
}
