import { expect, test } from 'vitest';

import { viewCosts } from './position-costs.ts';
import { positionWith, usdc } from './testing.ts';

const position = positionWith({ funding_owed: usdc('0.5'), borrow_owed: usdc('0.25') });
const costs = {
  position_id: position.id,
  symbol: 'SOL-PERP',
  funding_paid: usdc('-2'),
  borrow_paid: usdc('1'),
  fees_paid: usdc('9'),
  impact_paid: usdc('0.000001'),
} as const;

test('what was paid and what is still owed are one cost, to the unit; what was received lessens it', () => {
  expect(viewCosts(position, costs)).toEqual({
    funding: { paid: usdc('-2'), owed: usdc('0.5'), total: usdc('-1.5') },
    borrow: { paid: usdc('1'), owed: usdc('0.25'), total: usdc('1.25') },
    fees: usdc('9'),
    impact: usdc('0.000001'),
    total: usdc('8.750001'),
  });
});

test('nothing is told of a position whose costs are not known, or are those of the one before it', () => {
  expect(viewCosts(position, undefined)).toBeUndefined();
  expect(viewCosts({ ...position, id: 'another' }, costs)).toBeUndefined();
});
