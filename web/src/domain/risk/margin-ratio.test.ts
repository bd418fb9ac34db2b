import { price } from '#shared/money/units.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { expect, test } from 'vitest';

import { marketWith, positionWith, usd, usdc } from '../testing.ts';
import { holdPosition } from './held.ts';
import { accountMargin, marginRatioAt, moveTo, scalePosition } from './margin-ratio.ts';

const held = (changed: Partial<PositionDto> = {}, mark = usd('150')) =>
  holdPosition({ ...positionWith(), ...changed }, marketWith(), mark) ?? expect.fail('no parameters');

test('a ratio of 100 % is the maintenance margin: at it the position is safe, below it liquidatable', () => {
  // 750 of margin against 150 needed.
  expect(marginRatioAt(held(), usd('150'))).toMatchObject({
    ratioBps: 50_000n,
    equity: usdc('750'),
    maintenance: usdc('150'),
    health: 'healthy',
  });
  const edge = marginRatioAt(held(), usd('150')).liquidationPrice ?? expect.fail();
  const at = marginRatioAt(held(), edge);
  expect(at.ratioBps).toBeGreaterThanOrEqual(10_000n);
  expect(at.health).toBe('warning');
  const below = marginRatioAt(held(), price(edge - 1n));
  expect(below.ratioBps).toBeLessThan(10_000n);
  expect(below.health).toBe('liquidatable');
});

test('a warning begins at one and a half times the maintenance margin', () => {
  expect(marginRatioAt(held({ margin_used: usdc('225') }), usd('150')).health).toBe('healthy');
  expect(marginRatioAt(held({ margin_used: usdc('224.999999') }), usd('150')).health).toBe('warning');
});

test('what is owed counts against the position', () => {
  const owing = held({ funding_owed: usdc('30'), borrow_owed: usdc('20') });
  expect(marginRatioAt(owing, usd('150'))).toMatchObject({ equity: usdc('700'), ratioBps: 46_666n });
});

test('the way to the liquidation is signed as the price would move, and never shown longer than it is', () => {
  expect(marginRatioAt(held(), usd('150')).moveBps).toBe(-404n);
  expect(marginRatioAt(held({ side: 'short' }), usd('150')).moveBps).toBe(396n);
  expect(moveTo(usd('100.009'), usd('100'))).toBe(0n);
  expect(moveTo(usd('99.991'), usd('100'))).toBe(0n);
});

test('a position that no price liquidates has no way to it', () => {
  const margin = marginRatioAt(held({ margin_used: usdc('16000') }), usd('150'));
  expect(margin).toMatchObject({ liquidationPrice: null, moveBps: null, health: 'healthy' });
});

test('the account adds its positions up and names the one nearest to its liquidation', () => {
  const thin = held({ symbol: 'ETH-PERP', margin_used: usdc('300') });
  const account = accountMargin([held(), thin]) ?? expect.fail();
  expect(account).toMatchObject({ equity: usdc('1050'), maintenance: usdc('300') });
  expect(account.worst?.held).toBe(thin);
  expect(accountMargin([])).toMatchObject({ equity: 0n, worst: null });
});

test('while a position has no price, nothing is added up; without parameters nothing is known', () => {
  expect(accountMargin([held(), { ...held(), mark: null }])).toBeNull();
  expect(holdPosition(positionWith(), { ...marketWith(), parameters: null }, usd('150'))).toBeNull();
});

test('the scale begins at the maintenance margin and doubles at each step', () => {
  expect(scalePosition(-5n)).toBe(0);
  expect(scalePosition(10_000n)).toBe(0);
  expect(scalePosition(80_000n)).toBeCloseTo(0.5);
  expect(scalePosition(10_000_000n)).toBe(1);
});
