import { expect, test } from 'vitest';

import { viewBalance } from './balance-view.ts';
import { turningLeverageE2, viewPosition } from './position-view.ts';
import { positionWith, usd, usdc } from './testing.ts';

const capBps = 10_000;

test('a long gains what the price gains, a short loses it', () => {
  expect(viewPosition(positionWith(), usd('152'), capBps).pnl).toBe(usdc('200'));
  expect(viewPosition(positionWith({ side: 'short' }), usd('152'), capBps).pnl).toBe(usdc('-200'));
});

test('a profit is shown as it would be paid: at most the reserve', () => {
  expect(viewPosition(positionWith(), usd('350'), capBps).pnl).toBe(usdc('15000'));
  expect(viewPosition(positionWith(), usd('350'), 5_000).pnl).toBe(usdc('7500'));
});

test('a position whose profit has reached the cap says so', () => {
  expect(viewPosition(positionWith(), usd('157.49'), 500).capped).toBe(false);
  expect(viewPosition(positionWith(), usd('157.51'), 500).capped).toBe(true);
  expect(viewPosition(positionWith(), undefined, 500).capped).toBe(false);
});

test('equity is margin and profit less what is owed', () => {
  const position = positionWith({ funding_owed: usdc('3'), borrow_owed: usdc('2') });
  expect(viewPosition(position, usd('151'), capBps).equity).toBe(usdc('845'));
});

test('leverage is what is held over what it is worth now, and none where it is worth nothing', () => {
  expect(viewPosition(positionWith(), usd('150'), capBps).leverageE2).toBe(2_000n);
  expect(viewPosition(positionWith(), usd('151'), capBps).leverageE2).toBe(1_777n);
  expect(viewPosition(positionWith(), usd('142'), capBps).leverageE2).toBeNull();
});

test('the distance to the liquidation counts in the direction that hurts', () => {
  expect(viewPosition(positionWith(), usd('150'), capBps).liquidationDistance).toBe(usd('6.06'));
  const short = positionWith({ side: 'short', liquidation_price: usd('156') });
  expect(viewPosition(short, usd('150'), capBps).liquidationDistance).toBe(usd('6'));
});

test('a position past half of its way to the liquidation is at risk', () => {
  expect(viewPosition(positionWith(), usd('147'), capBps).atRisk).toBe(false);
  expect(viewPosition(positionWith(), usd('146.9'), capBps).atRisk).toBe(true);
  expect(viewPosition(positionWith({ liquidation_price: null }), usd('100'), capBps).atRisk).toBe(false);
});

test('without a price nothing is invented', () => {
  expect(viewPosition(positionWith(), undefined, capBps)).toMatchObject({
    mark: null,
    pnl: null,
    equity: null,
    notional: null,
  });
});

const balance = {
  account_open: true,
  total_balance: usdc('5000'),
  available_balance: usdc('4250'),
  margin_used: usdc('750'),
  unrealized_pnl: usdc('-10'),
  realized_pnl: usdc('5'),
  leverage: 300,
};

test('the account moves with the live price', () => {
  const view = viewBalance(balance, [viewPosition(positionWith(), usd('152'), capBps)]);
  expect(view).toMatchObject({ equity: usdc('5200'), unrealized: usdc('200'), leverageE2: 292n });
});

test('while a market has no price, the account shows what the exchange told last', () => {
  const view = viewBalance(balance, [viewPosition(positionWith(), undefined, capBps)]);
  expect(view.unrealized).toBe(usdc('-10'));
});

test('a position is turned over with its leverage of now, in whole steps up and never above the maximum of the market', () => {
  // Opened at 20×: at 147 its equity is 450 of 14,700.
  const { leverageE2 } = viewPosition(positionWith(), usd('147'), 10_000);
  expect(leverageE2).toBe(3_267n);
  expect(turningLeverageE2({ leverageE2 }, 50n)).toBe(3_300n);
  expect(turningLeverageE2({ leverageE2 }, 25n)).toBe(2_500n);
  expect(turningLeverageE2({ leverageE2: null }, 25n)).toBeNull();
});
