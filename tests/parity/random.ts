/** Reproducible randomness: one seed gives one sequence, on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 random bits (mulberry32). */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number of [low, high]. */
  int(low: number, high: number): number {
    return low + (this.bits() % (high - low + 1));
  }

  /** An integer of [low, high], evenly. */
  big(low: bigint, high: bigint): bigint {
    const span = high - low + 1n;
    let value = 0n;
    for (let bits = 0n; bits < 160n; bits += 32n) value = (value << 32n) | BigInt(this.bits());
    return low + (value % span);
  }

  /** An integer of [low, high], every order of magnitude as likely, the bounds themselves now and then. */
  magnitude(low: bigint, high: bigint): bigint {
    if (this.chance(0.05)) return this.pick([low, high]);
    const digits = this.int(0, (high - low).toString().length);
    const top = 10n ** BigInt(digits);
    return low + this.big(0n, top < high - low ? top : high - low);
  }

  /** An integer of [-high, high], every order of magnitude as likely. */
  signed(high: bigint): bigint {
    const value = this.magnitude(0n, high);
    return this.chance(0.5) ? value : -value;
  }

  chance(probability: number): boolean {
    return this.bits() / 2 ** 32 < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}
