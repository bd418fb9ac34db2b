import type { OraclePrice } from '#shared/perps/types.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { IndexRepairFigures, MarketSwitches, SwitchChange } from './contract.ts';
import { Controls } from './controls.ts';
import { type BrakeSettings, PriceBrake } from './price-brake.ts';
import { type Condition, RiskLog } from './risk-log.ts';
import type { Facts } from './market-tables.ts';

/** Bounds of a market, from configuration. */
export interface SafetySettings extends BrakeSettings {
  /** More liquidations than this within a minute are told to operators. Nothing is stopped: each of them is one too late already. */
  readonly liquidationsPerMinuteMax: number;
}

export interface MarketWatchOptions {
  readonly storage: DurableObjectStorage;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly symbol: string;
  readonly safety: SafetySettings;
  /** The newest price of an earlier life. */
  readonly last: OraclePrice | null;
}

/** A market without a price for so long is told to operators: its feed is stuck. */
export const feedStuckMs = 30_000;
/** So is a candidate that waits so long for its check: the queue grows, or its consumer does not come to an end. */
export const candidateSlowMs = 45_000;
const minuteMs = 60_000;

/** Holds back what must be held back in a market, and tells operators of what they must know. */
export class MarketWatch {
  readonly controls: Controls;
  readonly brake: PriceBrake;
  readonly risks: RiskLog;
  readonly #options: MarketWatchOptions;
  /** When the latest liquidations were heard of: one more than are normal in a minute. */
  #liquidations: number[] = [];

  constructor(options: MarketWatchOptions) {
    this.#options = options;
    this.brake = new PriceBrake(options.facts, options.safety, options.last);
    this.controls = new Controls(options.facts, options.clock, this.brake);
    this.risks = new RiskLog(options);
  }

  /** An accepted price. True where it changed what the market does. */
  onPrice(price: OraclePrice): boolean {
    const change = this.brake.observe(price);
    if (change === null) return false;
    const { current } = this.brake;
    this.risks.set(current !== null, {
      kind: 'price_move',
      severity: 'warning',
      message: current?.message ?? '',
      details: { price: String(price.price), ema: String(price.ema), publish_time: Number(price.publishTime) },
    });
    return true;
  }

  /** An operator's change. True where it changed anything. */
  onSwitch(change: SwitchChange): { readonly changed: boolean; readonly switches: MarketSwitches } {
    const { before, after } = this.controls.set(change);
    if (before === after) return { changed: false, switches: after };
    const { operation, by, reason } = change;
    this.#options.logger.warn('an operation was switched', { ...change });
    this.risks.set(change.off, {
      kind: `${operation}_switched_off`,
      severity: operation === 'liquidate' ? 'critical' : 'warning',
      message: switchedOff[operation],
      details: { by, reason },
    });
    return { changed: true, switches: after };
  }

  /** Liquidations heard of now; those of blocks long gone are history that is read again. */
  onLiquidation(blockTimeMs: number): void {
    const now = this.#options.clock.nowMs();
    const { liquidationsPerMinuteMax } = this.#options.safety;
    if (now - blockTimeMs > minuteMs) return;
    this.#liquidations = [...this.#liquidations, now].slice(-liquidationsPerMinuteMax - 1);
    if (this.#tooMany(now)) this.risks.begin(this.#rateCondition());
  }

  /** A visit of the index: what it found that was not the chain's. Over with a whole pass that finds nothing. */
  onRepair({ difference, lateBy, passes }: IndexRepairFigures): void {
    this.risks.set(difference > 0, {
      kind: 'index_difference',
      severity: 'critical',
      message:
        'Positions in the liquidation index were not the chain’s. They are now; an event was lost or a row damaged.',
      details: { difference, passes },
    });
    this.risks.set(lateBy > 0, {
      kind: 'index_late',
      severity: 'warning',
      message:
        'The liquidation index is behind the chain: the indexer does not deliver. Positions are read from the chain.',
      details: { late_by: lateBy },
    });
  }

  /** Looks at what changes without an event. A market that was never priced is not stuck: it waits for its first price. */
  check(figures: { readonly priceAgeMs: number | null; readonly oldestCandidateMs: number | null }): void {
    const { priceAgeMs, oldestCandidateMs } = figures;
    if (!this.#tooMany(this.#options.clock.nowMs())) this.risks.end(this.#rateCondition().kind);
    this.risks.set(priceAgeMs !== null && priceAgeMs > feedStuckMs, {
      kind: 'feed_stuck',
      severity: 'critical',
      message: `No price for more than ${feedStuckMs / 1_000} s: nothing can be opened, triggered or liquidated.`,
    });
    this.risks.set(oldestCandidateMs !== null && oldestCandidateMs > candidateSlowMs, {
      kind: 'risk_queue_slow',
      severity: 'critical',
      message: `A position waits for its check for more than ${candidateSlowMs / 1_000} s.`,
    });
  }

  #tooMany(now: number): boolean {
    const [oldest] = this.#liquidations;
    const { liquidationsPerMinuteMax } = this.#options.safety;
    return oldest !== undefined && this.#liquidations.length > liquidationsPerMinuteMax && now - oldest <= minuteMs;
  }

  #rateCondition(): Condition {
    const { liquidationsPerMinuteMax } = this.#options.safety;
    return {
      kind: 'liquidation_rate',
      severity: 'warning',
      message: `More than ${liquidationsPerMinuteMax} liquidations within a minute.`,
    };
  }
}

const switchedOff: Readonly<Record<SwitchChange['operation'], string>> = {
  open: 'Opening is switched off.',
  close: 'Reducing is switched off.',
  trigger: 'Triggers of resting orders are switched off.',
  liquidate: 'LIQUIDATIONS ARE SWITCHED OFF: the keeper leaves unhealthy positions open.',
};
