import { describe, expect, it } from 'vitest';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { LiquidationIndex, liquidationIndexLimits } from '../../../workers/market/liquidation-index.ts';
import { marginWarningLimits, MarginWarnings } from '../../../workers/market/margin-warnings.ts';
import { POSITION_TABLES } from '../../../workers/market/position-tables.ts';
import { sampleMarket, samplePosition, samplePrice } from './sample-market.ts';
import { countingStorage, withStorage } from './with-storage.ts';

const UNIT = 10n ** 8n;
const market = sampleMarket();
/** Warned below about 98.70 USD, safe again from about 98.96, liquidatable below about 97.44. */
const risky = samplePosition('long', UNIT, 100n * UNIT, 5_000_000n);

/** Cents to a price. */
const at = (cents: bigint, publishTime = 1_000n) => samplePrice(cents * (UNIT / 100n), publishTime);

const withWarnings = (
  body: (parts: {
    warnings: MarginWarnings;
    index: LiquidationIndex;
    clock: ManualClock;
    storage: DurableObjectStorage;
    warned: (cents: bigint) => string[];
  }) => void,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, POSITION_TABLES);
    const clock = new ManualClock();
    const warnings = new MarginWarnings(storage, clock);
    /** Who is warned at a price, and told. */
    const warned = (cents: bigint) => {
      const owners = warnings.due(market, at(cents)).map(({ owner }) => owner);
      warnings.told(owners);
      clock.advance(marginWarningLimits.inFlightMs);
      return owners.sort();
    };
    body({ warnings, index: new LiquidationIndex(storage, clock), clock, storage, warned });
  });

describe('margin warnings', () => {
  it('come once per crossing: a price that trembles around the line tells nobody twice', () =>
    withWarnings(({ index, warned }) => {
      index.set('a', risky);
      index.set('b', samplePosition('long', UNIT, 100n * UNIT, 50_000_000n));
      expect(warned(10_000n)).toEqual([]);
      expect(warned(9_860n)).toEqual(['a']);
      for (const cents of [9_880n, 9_860n, 9_890n, 9_800n, 9_871n, 9_869n]) expect(warned(cents)).toEqual([]);
    }));

  it('are armed again where the margin is 1.6 times the maintenance margin, for longs and for shorts', () =>
    withWarnings(({ index, warned }) => {
      index.set('long', risky);
      index.set('short', samplePosition('short', UNIT, 100n * UNIT, 5_000_000n));
      expect(warned(10_000n)).toEqual([]);
      expect(warned(9_860n)).toEqual(['long']);
      expect(warned(9_890n)).toEqual([]);
      expect(warned(9_860n)).toEqual([]);
      expect(warned(9_900n)).toEqual([]);
      expect(warned(9_860n)).toEqual(['long']);
      expect(warned(10_130n)).toEqual(['short']);
      expect(warned(10_110n)).toEqual([]);
      expect(warned(10_130n)).toEqual([]);
      expect(warned(10_090n)).toEqual([]);
      expect(warned(10_130n)).toEqual(['short']);
    }));

  it('survive a restart: who was told is not told again, who was not is', () =>
    withWarnings(({ index, warned, warnings, clock, storage }) => {
      index.set('a', risky);
      warned(10_000n);
      warned(9_860n);
      index.set('b', { ...risky, margin: 4_900_000n as never });
      warned(10_000n);
      warned(9_990n);
      warnings.flush();
      const restarted = new MarginWarnings(storage, clock);
      expect(
        restarted
          .due(market, at(9_860n))
          .map(({ owner }) => owner)
          .sort(),
      ).toEqual(['a', 'b']);
      // Neither was told: the process died before the queue had them.
      const again = new MarginWarnings(storage, clock);
      expect(
        again
          .due(market, at(9_850n))
          .map(({ owner }) => owner)
          .sort(),
      ).toEqual(['a', 'b']);
      again.told(['a', 'b']);
      expect(new MarginWarnings(storage, clock).due(market, at(9_840n))).toEqual([]);
    }));

  it('that the queue did not take come with the next tick, and say when the line was crossed', () =>
    withWarnings(({ index, warnings }) => {
      index.set('a', risky);
      warnings.due(market, at(10_000n, 1_000n));
      expect(warnings.due(market, at(9_860n, 1_001n))).toMatchObject([{ owner: 'a', crossedAt: 1_001 }]);
      expect(warnings.due(market, at(9_859n, 1_002n))).toEqual([]);
      warnings.notTold(['a']);
      expect(warnings.due(market, at(9_858n, 1_003n))).toMatchObject([{ owner: 'a', crossedAt: 1_001 }]);
    }));

  it('are decided again, exactly, where a check found the position healthier than its candidate', () =>
    withWarnings(({ index, warnings, clock }) => {
      index.set('a', risky);
      warnings.due(market, at(10_000n));
      expect(index.liquidatable(market, at(9_700n))).toHaveLength(1);
      // Under check while the price crosses the line of warnings: the range does not hold it.
      expect(warnings.due(market, at(9_700n))).toEqual([]);
      index.release('a', 1n);
      warnings.lookAgain('a');
      clock.advance(liquidationIndexLimits.releasePauseMs);
      expect(warnings.due(market, at(9_800n)).map(({ owner }) => owner)).toEqual(['a']);
      warnings.told(['a']);
      warnings.lookAgain('a');
      expect(warnings.due(market, at(9_790n))).toEqual([]);
    }));

  it('read the range that was crossed, not the open positions', () =>
    withWarnings(({ index, storage, clock }) => {
      storage.transactionSync(() => {
        for (let i = 0; i < 5_000; i++) {
          index.set(`owner-${i}`, samplePosition('long', UNIT, 100n * UNIT, 2_000_000n + BigInt(i) * 2_000n));
        }
      });
      const counted = countingStorage(storage);
      const warnings = new MarginWarnings(counted.storage, clock);
      warnings.due(market, at(12_000n));
      counted.rowsRead();
      expect(warnings.due(market, at(11_999n))).toEqual([]);
      const statements = 8;
      expect(counted.rowsRead()).toBeLessThanOrEqual(statements);
      const warned = warnings.due(market, at(10_150n)).length;
      expect(warned).toBeGreaterThan(10);
      // Found in the index and the table, marked, and read to be told.
      expect(counted.rowsRead()).toBeLessThanOrEqual(6 * warned + statements);
    }));
});
