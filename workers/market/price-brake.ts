import { abs } from '#shared/money/divide.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { BPS_SCALE, PRICE_DECIMALS } from '#shared/money/units.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { MarketControls } from './contract.ts';
import type { Facts } from './market-tables.ts';

/** When the brake takes hold and lets go; from configuration. */
export interface BrakeSettings {
  /** A move of more than this within `windowSeconds` makes the market reduce-only. */
  readonly moveBps: bigint;
  /** |price − ema| of at most this share of the EMA confirms a price. */
  readonly calmBps: bigint;
  /** How long every price must be confirmed, seconds of publish time. */
  readonly calmSeconds: bigint;
}

/** The time in which a move counts, seconds of publish time. */
export const brakeWindowSeconds = 60n;
/** Prices further apart than this are no unbroken series: the time of confirmation starts again. */
export const brakeGapSecondsMax = 10n;

const BRAKE = 'brake';

/** The lowest and highest price of one second. */
interface Second {
  readonly time: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

type Brake = NonNullable<MarketControls['brake']>;

/**
 * Holds opening back while the price moves faster than its average follows. Engages when a price is more than `moveBps` away from another
 * one of the last 60 s, measured from that other one; lets go when every price of `calmSeconds` was within `calmBps` of its EMA, without a
 * gap. The window starts again then. What holds is stored: an object that was evicted holds on, and begins to count the calm anew.
 */
export class PriceBrake {
  readonly #facts: Facts;
  readonly #settings: BrakeSettings;
  #brake: Brake | null;
  #seconds: Second[] = [];
  #calmSince: bigint | null = null;

  /** `last` is the newest price of an earlier life: a jump over a restart is a jump. */
  constructor(facts: Facts, settings: BrakeSettings, last: OraclePrice | null) {
    this.#facts = facts;
    this.#settings = settings;
    this.#brake = facts.get<Brake>(BRAKE);
    if (last !== null) this.#keep(last);
  }

  get current(): Brake | null {
    return this.#brake;
  }

  /** Takes an accepted price; says what it changed. */
  observe(price: OraclePrice): 'engaged' | 'released' | null {
    const gap = price.publishTime - (this.#seconds.at(-1)?.time ?? price.publishTime);
    this.#keep(price);
    if (this.#brake === null) return this.#engageIfMoved(price);
    this.#calmSince = this.#isCalm(price) && gap <= brakeGapSecondsMax ? (this.#calmSince ?? price.publishTime) : null;
    if (this.#calmSince === null || price.publishTime - this.#calmSince < this.#settings.calmSeconds) return null;
    this.#store(null);
    this.#calmSince = null;
    this.#seconds = [];
    this.#keep(price);
    return 'released';
  }

  #engageIfMoved(price: OraclePrice): 'engaged' | null {
    const far = this.#seconds.flatMap(({ low, high }) => [low, high]).find((known) => this.#isFar(price.price, known));
    if (far === undefined) return null;
    this.#store({ kind: 'price_move', sinceSeconds: Number(price.publishTime), message: messageOf(far, price.price) });
    return 'engaged';
  }

  #isFar = (price: bigint, known: bigint): boolean => abs(price - known) * BPS_SCALE > this.#settings.moveBps * known;

  #isCalm = ({ price, ema }: OraclePrice): boolean => abs(price - ema) * BPS_SCALE <= this.#settings.calmBps * ema;

  #store(brake: Brake | null): void {
    this.#brake = brake;
    this.#facts.set(BRAKE, brake);
  }

  #keep({ price, publishTime }: OraclePrice): void {
    const last = this.#seconds.at(-1);
    if (last?.time === publishTime) {
      const widened = {
        time: publishTime,
        low: price < last.low ? price : last.low,
        high: price > last.high ? price : last.high,
      };
      this.#seconds[this.#seconds.length - 1] = widened;
      return;
    }
    this.#seconds.push({ time: publishTime, low: price, high: price });
    this.#seconds = this.#seconds.filter(({ time }) => publishTime - time <= brakeWindowSeconds);
  }
}

const shown = (price: bigint): string => formatDecimal(price, PRICE_DECIMALS);

const messageOf = (from: bigint, to: bigint): string =>
  `The price moved from ${shown(from)} to ${shown(to)} USD within ${brakeWindowSeconds} s. Positions can be reduced; opening goes on when the average confirms the price.`;
