import { rate } from '#shared/money/units.ts';
import { expect, test } from 'vitest';

import { hourlyCost, viewFunding } from './funding-view.ts';
import { base, marketWith, usdc } from './testing.ts';

test('a positive rate is paid by longs, a negative one by shorts, and of none nobody pays', () => {
  expect(viewFunding(rate(5n), null).payer).toBe('long');
  expect(viewFunding(rate(-5n), null).payer).toBe('short');
  expect(viewFunding(rate(0n), null).payer).toBeNull();
});

test('a day is 24 hours of the rate of now, a year 8,760', () => {
  expect(viewFunding(rate(-100n), undefined)).toMatchObject({ hourly: -100n, daily: -2_400n, yearly: -876_000n });
});

test('the highest rate is the one of the program at its skew limit, and none where funding is off', () => {
  const on = marketWith({ funding_skew_scale: base('16000'), max_funding_rate: rate(100_000n) }).parameters;
  expect(viewFunding(rate(5n), on).hourlyMax).toBe(100_000n);
  expect(viewFunding(rate(0n), marketWith().parameters).hourlyMax).toBe(0n);
  expect(viewFunding(rate(0n), null).hourlyMax).toBeNull();
});

test('what a side pays in an hour is rounded up, what it receives down', () => {
  // 10,000 USDC at 0.0033333 % per hour: 0.33333 USDC and a rest.
  expect(hourlyCost(usdc('10000'), rate(33_333n), 'long')).toBe(usdc('0.333330'));
  expect(hourlyCost(usdc('0.000001'), rate(1n), 'long')).toBe(1n);
  expect(hourlyCost(usdc('0.000001'), rate(1n), 'short')).toBe(0n);
  expect(hourlyCost(usdc('10000'), rate(33_333n), 'short')).toBe(usdc('-0.333330'));
});
