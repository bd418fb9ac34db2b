import { expect, it } from 'vitest';
import { coalition } from './coalition.ts';

/** Coalitions of each kind. */
const coalitions = 40;
const timeoutMs = 600_000;

it.each(['among outsiders', 'with a price move'] as const)(
  'a closed coalition %s ends with no more than it started with',
  { timeout: timeoutMs },
  (kind) => {
    let closed = 0;
    let paid = 0n;
    for (let seed = 1; seed <= coalitions; seed += 1) {
      const { started, ended, badDebt, flat } = coalition(seed, kind);
      if (!flat) continue;
      closed += 1;
      paid += started - ended;
      // A price that moves in one step leaves losses beyond margins; a constant one never does.
      const unpaid = kind === 'with a price move' ? badDebt : 0n;
      expect(ended, `coalition of seed ${seed}`).toBeLessThanOrEqual(started + unpaid);
    }
    // Most coalitions get out of everything, and trading costs.
    expect(closed).toBeGreaterThan(coalitions / 2);
    expect(paid).toBeGreaterThan(0n);
  },
);
