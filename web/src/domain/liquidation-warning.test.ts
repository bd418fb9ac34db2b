import { describe, expect, test } from 'vitest';

import { acknowledge, nextWarnings, warningLevel, type LiquidationWarning } from './liquidation-warning.ts';
import { viewPosition } from './position-view.ts';
import { positionWith, usd } from './testing.ts';

/** 1 %: 100 SOL need about 143 USDC at 143; the warning is at 1.5 times that, its end at 1.6 times. */
const maintenanceBps = 100;
const at = (price: string) => viewPosition(positionWith(), usd(price), 10_000);
const bpsOf = () => maintenanceBps;

describe('a long of 100 SOL from 150 with 750 USDC of margin', () => {
  test.each([
    ['150', undefined],
    ['144.7', undefined], // equity 220, 1.5 × 144.7 = 217.05
    ['144.6', 'warning'], // equity 210, 216.9
    ['143.94', 'warning'], // equity 144, maintenance 143.94
    ['143.93', 'liquidatable'], // equity 143, maintenance 143.93
  ] as const)('is at %s %s', (price, level) => {
    expect(warningLevel(at(price), maintenanceBps, false)).toBe(level);
  });

  test('recovers above the level at which the exchange warns anew, not at the one where it warned', () => {
    expect(warningLevel(at('144.75'), maintenanceBps, true)).toBe('warning'); // equity 225, 1.6 × 144.75 = 231.6
    expect(warningLevel(at('144.9'), maintenanceBps, true)).toBeUndefined(); // equity 240, 231.84
  });
});

describe('the list of warnings', () => {
  const warned = (): LiquidationWarning[] => nextWarnings([], [at('144.6')], bpsOf);
  const id = positionWith().id;

  test('one that was seen stays seen while the price goes on around it', () => {
    const [warning] = nextWarnings(acknowledge(warned(), id), [at('144.2')], bpsOf);
    expect(warning).toMatchObject({ level: 'warning', acknowledged: true });
  });

  test('one that gets worse is said again', () => {
    const [warning] = nextWarnings(acknowledge(warned(), id), [at('143.5')], bpsOf);
    expect(warning).toMatchObject({ level: 'liquidatable', acknowledged: false });
  });

  test('one that has recovered is said again when it comes back', () => {
    const recovered = nextWarnings(acknowledge(warned(), id), [at('150')], bpsOf);
    expect(recovered).toEqual([]);
    expect(nextWarnings(recovered, [at('144.6')], bpsOf)[0]?.acknowledged).toBe(false);
  });

  test('a lost price takes no warning away', () => {
    expect(nextWarnings(warned(), [viewPosition(positionWith(), undefined, 10_000)], bpsOf)).toHaveLength(1);
  });

  test('a closed position takes its warning along', () => {
    expect(nextWarnings(warned(), [], bpsOf)).toEqual([]);
  });
});
