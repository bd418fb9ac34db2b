import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { expect, test } from 'vitest';
import { bps, price, size } from '../money/units.ts';
import { impact } from './impact.ts';

const at = price(100n * 10n ** 8n);
const skewScale = size(10_000n * 10n ** 8n);
const charge = (skew: bigint, delta: bigint, reducing = false): bigint =>
  impact({ price: at, skew, delta, skewScale, maxSkewBps: bps(10_000n), reducing });
const amount = fc.bigInt(-(10n ** 11n), 10n ** 11n);

test('a trade in two steps never costs less than in one, but for the last unit of a rounding', () => {
  const property = fc.property(
    amount,
    fc.bigInt(1n, 10n ** 11n),
    fc.bigInt(1n, 10n ** 11n),
    fc.boolean(),
    (skew, a, b, buys) => {
      const [first, second] = buys ? [a, b] : [-a, -b];
      const whole = charge(skew, first + second);
      const parts = charge(skew, first) + charge(skew + first, second);
      // The rate is rounded up to 1e-9 once per trade: the whole may pay up to that much more than its parts.
      const roundingMax = (at * (a + b)) / 10n ** 19n + 2n;
      expect(parts + roundingMax >= whole).toBe(true);
    },
  );
  fc.assert(property, search());
});

test('nobody is paid, and there and back costs something wherever the skew widened', () => {
  const property = fc.property(amount, amount, (skew, delta) => {
    const there = charge(skew, delta);
    const back = charge(skew + delta, -delta, true);
    expect(there >= 0n && back >= 0n).toBe(true);
    const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
    if (magnitude(skew + delta) > magnitude(skew)) expect(there).toBeGreaterThan(0n);
  });
  fc.assert(property, search());
});
