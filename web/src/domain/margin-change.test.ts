import { expect, test } from 'vitest';

import { safeRatioBps, viewMarginChange } from './margin-change.ts';
import { marketWith, positionWith, usd, usdc } from './testing.ts';
import type { TicketContext } from './ticket/context.ts';

const position = positionWith();
const contextAt = (price: string, available = '1000'): TicketContext => ({
  market: marketWith(),
  live: { price: usd(price), confidence: usd('0'), ema: usd(price), state: 'ok' },
  stats: undefined,
  position,
  available: usdc(available),
  stage: 'ready',
});

test('added margin lowers leverage, moves the liquidation price away, and leaves the collateral', () => {
  const view = viewMarginChange(contextAt('150'), position, usdc('750'));
  expect(view?.before).toMatchObject({ margin: usdc('750'), leverageE2: 2_000n, free: usdc('1000') });
  expect(view?.after).toMatchObject({ margin: usdc('1500'), leverageE2: 1_000n, free: usdc('250') });
  // (15,000 − 1,500) / (100 · 0.99)
  expect(view?.after?.liquidationPrice).toBe(usd('136.36363637'));
});

test('margin is removable as far as the initial margin stays at the price of now', () => {
  // 750 of equity − 15,000 / 50.
  expect(viewMarginChange(contextAt('150'), position, null)?.removableMax).toBe(usdc('450'));
  expect(viewMarginChange(contextAt('150'), position, usdc('-450'))?.after?.margin).toBe(usdc('300'));
  const beyond = viewMarginChange(contextAt('150'), position, usdc('-450.000001'));
  expect(beyond).toMatchObject({ after: null, refusal: 'MarginTooLow' });
});

test('a loss lessens what is removable; below the initial margin nothing is', () => {
  expect(viewMarginChange(contextAt('149'), position, null)?.removableMax).toBe(usdc('352'));
  expect(viewMarginChange(contextAt('144'), position, null)?.removableMax).toBe(usdc('0'));
});

test('more than the free collateral is refused by name', () => {
  expect(viewMarginChange(contextAt('150', '10'), position, usdc('10.000001'))).toMatchObject({
    after: null,
    refusal: 'InsufficientCollateral',
  });
});

test('without a price or collateral nothing is invented', () => {
  expect(viewMarginChange({ ...contextAt('150'), live: undefined }, position, usdc('1'))).toBeNull();
  expect(viewMarginChange({ ...contextAt('150'), available: undefined }, position, usdc('1'))).toBeNull();
});

test('what makes a position safe is told to the unit: with it the ratio is reached, with a unit less it is not', () => {
  const near = contextAt('144.4');
  const view = viewMarginChange(near, position, null);
  // Equity of 190 over 144.4 of maintenance margin: 433.2 are safe.
  expect(view).toMatchObject({ before: { ratioBps: 13_157n }, toSafe: usdc('243.2') });
  const reach = (amount: bigint) => viewMarginChange(near, position, amount)?.after?.ratioBps;
  expect(reach(usdc('243.2'))).toBe(safeRatioBps);
  expect(reach(usdc('243.199999'))).toBeLessThan(safeRatioBps);
  expect(viewMarginChange(contextAt('150'), position, null)?.toSafe).toBe(0n);
});
