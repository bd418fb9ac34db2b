/** The prices of a sequence: the recorded day, with jumps, stale and early ones, wide confidence and repeated seconds. */
import { PricePath } from '../../../local/tape/path.ts';
import { type Tape, loadTape } from '../../../local/tape/tape.ts';
import type { Action } from './action.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const bps = 10_000n;
/** A jump takes the price to at least and at most this share of the recorded one. */
const jumpMin = 1_500n;
const jumpMax = 60_000n;
/** How far a jump goes at most. */
const jumps = [
  { weight: 12, bps: 150n },
  { weight: 4, bps: 600n },
  { weight: 1, bps: 5_000n },
] as const;
/** Milliseconds of the tape that pass with a second of the clock: a day passes in a long sequence. */
const tapeSpeed = 4_000;
const dayMs = 86_400_000;

let recorded: Tape | undefined;

class MarketPrice {
  readonly #path: PricePath;
  readonly #offset: number;
  /** Product of all jumps, basis points. */
  #jump = bps;
  #ema: bigint | undefined;

  constructor(base: string, seed: number, random: Random) {
    recorded ??= loadTape();
    this.#path = new PricePath(recorded, base, seed);
    this.#offset = random.int(0, dayMs);
  }

  /** Moves the price off the recorded one, or back to it. */
  jump(random: Random): void {
    // Mostly as much as takes a few positions over their maintenance margin, at times as much as leaves bad debt.
    const reach = random.weighted(jumps).bps;
    const moved = (this.#jump * random.big(bps - reach, bps + reach)) / bps;
    this.#jump = random.chance(20) || moved < jumpMin || moved > jumpMax ? bps : moved;
  }

  /** Moves the price by so many basis points. */
  move(by: bigint): void {
    this.#jump = (this.#jump * (bps + by)) / bps;
  }

  at(seconds: number, random: Random): { price: bigint; conf: bigint; ema: bigint } {
    const point = this.#path.at(this.#offset + seconds * tapeSpeed);
    const price = (point.price * this.#jump) / bps;
    const before = this.#ema ?? price;
    // The average follows within a minute or two: a divergence ends, or no sequence would open anything again.
    this.#ema = random.chance(5) ? price : before + (price - before) / 4n;
    return { price, conf: (point.conf * this.#jump) / bps, ema: this.#ema };
  }
}

export class Prices {
  readonly #markets: readonly MarketPrice[];
  readonly #random: Random;

  constructor(world: World, seed: number, random: Random) {
    this.#random = random;
    this.#markets = world.markets.map(({ parameters }) => new MarketPrice(parameters.base, seed, random));
  }

  jump(market: number): void {
    this.#markets[market]?.jump(this.#random);
  }

  move(market: number, by: bigint): void {
    this.#markets[market]?.move(by);
  }

  /** The next price of a market, nearly always one that is accepted. */
  next(world: World, market: number, elapsed: number): Action {
    const random = this.#random;
    const drawn = this.#markets[market]?.at(elapsed, random);
    if (drawn === undefined) throw new Error(`no market ${market}`);
    const { price, conf, ema } = drawn;
    const plain = { do: 'price', market, price, conf, ema } as const;
    const odd = random.int(0, 199);
    if (odd === 0) return { ...plain, age: random.big(20n, 90n) };
    if (odd === 1) return { ...plain, age: -random.big(1n, 8n) };
    if (odd === 2) return { ...plain, conf: (price * random.big(200n, 700n)) / bps };
    if (odd === 3) return { ...plain, signatures: random.int(3, 6) };
    if (odd === 4) return { ...plain, ema: (price * random.big(7_000n, 13_000n)) / bps };
    const last = world.published[market]?.publishTime;
    // The same second again with another price: the stored one has to count.
    if (odd === 5 && last !== undefined) return { ...plain, price: price + price / 10n, age: world.vm.now - last };
    return random.chance(30) ? { ...plain, age: random.big(0n, 3n) } : plain;
  }
}
