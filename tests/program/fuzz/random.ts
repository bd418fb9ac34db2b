/** Random numbers that a seed repeats: xoshiro128** over four words stirred from the seed. */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: number) {
    let word = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      word = (word + 0x9e3779b9) >>> 0;
      let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    });
  }

  #next(): number {
    const s = this.#state;
    const [s0 = 0, s1 = 0, s2 = 0, s3 = 0] = s;
    const times5 = Math.imul(s1, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const [x2, x3] = [s2 ^ s0, s3 ^ s1];
    s[0] = s0 ^ x3;
    s[1] = s1 ^ x2;
    s[2] = x2 ^ (s1 << 9);
    s[3] = (x3 << 11) | (x3 >>> 21);
    return result;
  }

  /** A whole number of `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor((this.#next() / 0x1_0000_0000) * (to - from + 1));
  }

  /** A whole number of `from` to `to`, both included. */
  big(from: bigint, to: bigint): bigint {
    if (to <= from) return from;
    let value = 0n;
    for (let i = 0; i < 4; i += 1) value = (value << 32n) | BigInt(this.#next());
    return from + (value % (to - from + 1n));
  }

  /** A number of `from` to `to` whose magnitude is as random as its digits: small ones are as likely as large ones. */
  magnitude(from: bigint, to: bigint): bigint {
    const bits = this.int(from.toString(2).length, to.toString(2).length);
    const drawn = this.big(1n << BigInt(bits - 1), (1n << BigInt(bits)) - 1n);
    return drawn < from ? from : drawn > to ? to : drawn;
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.#next() < (percent / 100) * 0x1_0000_0000;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** One of the items, each as likely as its weight. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T {
    const total = items.reduce((sum, { weight }) => sum + weight, 0);
    let left = (this.#next() / 0x1_0000_0000) * total;
    for (const item of items) {
      left -= item.weight;
      if (left < 0) return item;
    }
    return this.pick(items);
  }
}
