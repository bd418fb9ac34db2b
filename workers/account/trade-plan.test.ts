import { describe, expect, it } from 'vitest';
import { size } from '#shared/money/units.ts';
import { planTrade, worstPriceOf } from './trade-plan.ts';

const long = (quantity: bigint) => ({ side: 'long' as const, size: size(quantity) });
const order = (side: 'buy' | 'sell', quantity: bigint, reduceOnly = false) => ({ side, quantity, reduceOnly });

describe('planTrade', () => {
  it('opens where nothing is open and increases on the same side', () => {
    expect(planTrade(order('sell', 5n), null)).toMatchObject({ value: { kind: 'open', side: 'short', size: 5n } });
    expect(planTrade(order('buy', 5n), long(3n))).toMatchObject({ value: { kind: 'open', side: 'long', size: 5n } });
    expect(planTrade(order('sell', 5n), long(0n))).toMatchObject({ value: { kind: 'open', side: 'short', size: 5n } });
  });

  it('reduces on the other side, never beyond the position', () => {
    expect(planTrade(order('sell', 2n), long(3n))).toMatchObject({ value: { kind: 'close', size: 2n } });
    expect(planTrade(order('sell', 9n, true), long(3n))).toMatchObject({ value: { kind: 'close', size: 3n } });
    expect(planTrade(order('sell', 4n), long(3n))).toMatchObject({ error: { code: 'TRADING_023' } });
  });

  it('a reduce-only order opens nothing', () => {
    expect(planTrade(order('buy', 1n, true), null)).toMatchObject({ error: { code: 'TRADING_005' } });
    expect(planTrade(order('buy', 1n, true), long(3n))).toMatchObject({ error: { code: 'TRADING_005' } });
  });
});

describe('worstPriceOf', () => {
  it('bounds a buy from above and a sell from below, rounded towards the reference', () => {
    expect(worstPriceOf('buy', 10_001n, 100)).toBe(10_101n);
    expect(worstPriceOf('sell', 10_001n, 100)).toBe(9_901n);
    expect(worstPriceOf('buy', 10_001n, 0)).toBe(10_001n);
  });
});
