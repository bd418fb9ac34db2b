import { describe, expect, it } from 'vitest';
import { size } from '#shared/money/units.ts';
import { ok } from '#shared/protocol/error-codes.ts';
import type { OrderAttempt } from './contract.ts';
import { planExecution, planTrade, worstPriceOf } from './trade-plan.ts';

const long = (quantity: bigint) => ({ side: 'long' as const, size: size(quantity) });
const order = (side: 'buy' | 'sell', quantity: bigint, reduceOnly = false) => ({ side, quantity, reduceOnly });

describe('planTrade', () => {
  it('opens where nothing is open and increases on the same side', () => {
    const opened = { kind: 'trade', size: 5n, closes: 0n, opens: 5n };
    expect(planTrade(order('sell', 5n), null, 'active')).toEqual(ok({ ...opened, side: 'short' }));
    expect(planTrade(order('buy', 5n), long(3n), 'active')).toEqual(ok({ ...opened, side: 'long' }));
    expect(planTrade(order('sell', 5n), long(0n), 'active')).toEqual(ok({ ...opened, side: 'short' }));
  });

  it('reduces on the other side, and opens there what goes beyond the position', () => {
    const sold = { kind: 'trade', side: 'short' };
    expect(planTrade(order('sell', 2n), long(3n), 'active')).toEqual(ok({ ...sold, size: 2n, closes: 2n, opens: 0n }));
    expect(planTrade(order('sell', 4n), long(3n), 'active')).toEqual(ok({ ...sold, size: 4n, closes: 3n, opens: 1n }));
  });

  it('a reduce-only order opens nothing', () => {
    expect(planTrade(order('buy', 1n, true), null, 'active')).toMatchObject({ error: { code: 'TRADING_005' } });
    expect(planTrade(order('buy', 1n, true), long(3n), 'active')).toMatchObject({ error: { code: 'TRADING_005' } });
    expect(planTrade(order('sell', 9n, true), long(3n), 'active')).toEqual(ok({ kind: 'close', size: 3n }));
  });

  it('an opposite order only closes while the market takes no openings', () => {
    for (const status of ['reduce_only', 'halted'] as const) {
      expect(planTrade(order('sell', 4n), long(3n), status)).toEqual(ok({ kind: 'close', size: 3n }));
    }
  });
});

describe('planExecution', () => {
  const refused: OrderAttempt = {
    ...{ signature: 'first', expectedSeq: 1n, signedAtMs: 0, lastValidBlockHeight: 1 },
    ...{ outcome: 'failed', settledAtMs: 1, reason: 'RemainderUnhealthy' },
  };
  const exit = { ...order('sell', 2n, true), exitKind: 'stop_loss', attempts: [refused] } as const;
  const market = { market: null, price: null };

  it('an exit refused as a part closes the whole, at this trigger alone: at the next one the part may be taken', () => {
    expect(planExecution({ ...exit, triggeredAfter: null }, long(3n), market)).toEqual(ok({ kind: 'close', size: 3n }));
    const triggeredAgain = { ...exit, triggeredAfter: refused.signature };
    expect(planExecution(triggeredAgain, long(3n), market)).toEqual(ok({ kind: 'close', size: 2n }));
  });
});

describe('worstPriceOf', () => {
  it('bounds a buy from above and a sell from below, rounded towards the reference', () => {
    expect(worstPriceOf('buy', 10_001n, 100)).toBe(10_101n);
    expect(worstPriceOf('sell', 10_001n, 100)).toBe(9_901n);
    expect(worstPriceOf('buy', 10_001n, 0)).toBe(10_001n);
  });
});
