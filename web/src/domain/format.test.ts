import { expect, test } from 'vitest';

import {
  formatBps,
  formatClock,
  formatCompactQuote,
  formatDateTime,
  formatDay,
  formatHourlyRate,
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  formatSizeSum,
  formatUtcDate,
  formatUtcDay,
  shortKey,
  showPricePlaces,
} from './format.ts';
import { base, usd, usdc } from './testing.ts';

test('a price keeps the decimals of its market, so that columns do not move', () => {
  expect(formatPrice(usd('145.1'), 3)).toBe('145.100');
  expect(formatPrice(usd('104350.55'), 1)).toBe('104,350.6');
});

test('a trader who wants the same decimals in every market gets them, and never fewer than the market has', () => {
  showPricePlaces(() => 2);
  expect(formatPrice(usd('104350.55'), 1)).toBe('104,350.55');
  expect(formatPrice(usd('145.1'), 3)).toBe('145.100');
  showPricePlaces(() => 0);
});

test('gains and losses carry their sign, with a minus as wide as the plus', () => {
  expect(formatQuote(usdc('12.345'), { plus: true })).toBe('+12.35');
  expect(formatQuote(usdc('-0.5'), { plus: true })).toBe('−0.50');
  expect(formatQuote(usdc('0'), { plus: true })).toBe('0.00');
});

test('free collateral is never shown as more than it is', () => {
  expect(formatQuote(usdc('4352.149999'), { rounding: 'floor' })).toBe('4,352.14');
});

test('a size that is sent or held shows every digit, never one more than it has', () => {
  expect(formatSize(base('0.5138'), 3)).toBe('0.5138');
  expect(formatSize(base('0.0001'), 3)).toBe('0.0001');
  expect(formatSize(base('1234.00000001'), 2)).toBe('1,234.00000001');
  expect(formatSize(base('2'), 3)).toBe('2.000');
  expect(formatSize(base('-0.0138'), 3)).toBe('−0.0138');
});

test('a sum of sizes keeps to the digits of its market', () => {
  expect(formatSizeSum(base('17640.51384'), 3)).toBe('17,640.514');
});

test('shares, rates and leverage are written as traders write them', () => {
  expect(formatShare(-5n, 200n, 2, true)).toBe('−2.50%');
  expect(formatHourlyRate(12_500n)).toBe('+0.00125%');
  expect(formatHourlyRate(-400n)).toBe('−0.00004%');
  expect(formatBps(usdc('1.23'), usdc('10000'))).toBe('1.2');
  expect(formatBps(0n, 0n)).toBe('–');
  expect(formatLeverage(2_000n)).toBe('20×');
  expect(formatLeverage(1_250n)).toBe('12.5×');
});

test('large amounts are shortened, small ones are not', () => {
  expect(formatCompactQuote(usdc('12481234.12'))).toBe('12.48M');
  expect(formatCompactQuote(usdc('9999'))).toBe('9,999');
  expect(formatCompactQuote(usdc('10000'))).toBe('10.00K');
});

test('keys are cut in the middle', () => {
  expect(shortKey('7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE')).toBe('7UVi…jLiE');
  expect(shortKey('short')).toBe('short');
});

test("a moment is told by the trader's clock, every part of it as wide as always; a day of UTC by the day of UTC", () => {
  const early = new Date(2026, 10, 4, 3, 5, 9);
  expect(formatClock(early)).toBe('03:05:09');
  expect(formatDateTime(early)).toBe('04 Nov 03:05:09');
  expect(formatDay(early)).toBe('4 Nov');
  expect(formatDateTime(new Date(2026, 0, 31, 0, 0, 0))).toBe('31 Jan 00:00:00');
  const late = new Date(Date.UTC(2026, 11, 31, 23, 59));
  expect(formatUtcDay(late)).toBe('31 Dec');
  expect(formatUtcDate(late)).toBe('31 Dec 2026');
});
