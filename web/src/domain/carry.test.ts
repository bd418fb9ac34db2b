import { expect, test } from 'vitest';
import { rate } from '#shared/money/units.ts';

import { carryAt } from './carry.ts';
import { base, usd, usdc } from './testing.ts';

const rates = { funding: rate(100_000n), borrow: rate(5_000n) };

test('an hour costs its rates on what the position is worth now: longs pay a positive funding, shorts receive it', () => {
  const long = { side: 'long', size: base('100') } as const;
  expect(carryAt(long, usd('150'), rates)).toEqual({ funding: usdc('1.5'), borrow: usdc('0.075') });
  expect(carryAt({ ...long, side: 'short' }, usd('150'), rates)).toEqual({
    funding: usdc('-1.5'),
    borrow: usdc('0.075'),
  });
});

test('a cost rounds up, a receipt down', () => {
  const small = { side: 'long', size: base('0.001') } as const;
  const slow = { funding: rate(1n), borrow: rate(1n) };
  expect(carryAt(small, usd('150'), slow)).toEqual({ funding: 1n, borrow: 1n });
  expect(carryAt({ ...small, side: 'short' }, usd('150'), slow)).toEqual({ funding: 0n, borrow: 1n });
});
