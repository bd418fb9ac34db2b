import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import { quote } from '#shared/money/units.ts';
import type { PositionState, Side } from '#shared/perps/types.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import {
  CAP_INDEX,
  LIQUIDATION_INDEX_TABLES,
  LiquidationIndex,
  liquidationIndexLimits,
  POSITION_COUNT,
} from '../../../workers/market/liquidation-index.ts';
import { sampleMarket, samplePosition, samplePrice } from './sample-market.ts';
import { countingStorage, withStorage } from './with-storage.ts';

const UNIT = 10n ** 8n;

const withIndex = (
  body: (index: LiquidationIndex, clock: ManualClock, storage: DurableObjectStorage) => void | Promise<void>,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, [LIQUIDATION_INDEX_TABLES, POSITION_COUNT, CAP_INDEX]);
    const clock = new ManualClock();
    return body(new LiquidationIndex(storage, clock), clock, storage);
  });

const owners = (candidates: readonly { readonly owner: string }[]): string[] =>
  candidates.map(({ owner }) => owner).sort();

/** SQLite counts a row for every statement, found or not; a tick has a handful of statements. */
const idleRowsMax = 6;

describe('LiquidationIndex', () => {
  it('proposes exactly the positions that the exact inequality makes liquidatable, at any price and indexes', () =>
    withIndex((index) => {
      const positionArb = fc
        .record({
          side: fc.constantFrom<Side>('long', 'short'),
          size: fc.bigInt(1n, 10n ** 13n),
          entry: fc.bigInt(10n ** 6n, 10n ** 13n),
          marginBps: fc.bigInt(1n, 9_000n),
          fundingEntry: fc.bigInt(-(10n ** 18n), 10n ** 18n),
          borrowEntry: fc.bigInt(0n, 10n ** 18n),
        })
        .map(({ side, size, entry, marginBps, fundingEntry, borrowEntry }) =>
          samplePosition(side, size, entry, (size * entry * marginBps) / 10n ** 14n, {
            fundingSum: size * fundingEntry,
            borrowSum: size * borrowEntry,
          }),
        );
      const moveArb = fc.record({
        positions: fc.array(positionArb, { minLength: 1, maxLength: 12 }),
        pick: fc.nat(11),
        moveBps: fc.bigInt(-9_900n, 20_000n),
        funding: fc.bigInt(-(10n ** 18n), 10n ** 18n),
        borrow: fc.bigInt(0n, 10n ** 18n),
      });
      fc.assert(
        fc.property(moveArb, ({ positions, pick, moveBps, funding, borrow }) => {
          positions.forEach((position, number) => index.set(`owner-${number}`, position));
          const picked = positions[pick % positions.length] as PositionState;
          const entry = picked.entryValue / picked.size;
          const price = samplePrice((entry * (10_000n + moveBps)) / 10_000n + 1n);
          const market = sampleMarket({ funding, borrow });
          const expected = positions.flatMap((position, number) =>
            isLiquidatable(position, market, price.price, market.config.maintenanceMarginBps)
              ? [`owner-${number}`]
              : [],
          );
          expect(owners(index.liquidatable(market, price))).toEqual(expected.sort());
          positions.forEach((position, number) => index.set(`owner-${number}`, { ...position, size: 0n as never }));
        }),
        { numRuns: 300 },
      );
    }));

  it('proposes exactly the positions that can win nothing more at a price', () =>
    withIndex((index) => {
      const positionArb = fc
        .record({
          side: fc.constantFrom<Side>('long', 'short'),
          size: fc.bigInt(1n, 10n ** 13n),
          entry: fc.bigInt(10n ** 6n, 10n ** 13n),
          capBps: fc.bigInt(1n, 10_000n),
        })
        .map(({ side, size, entry, capBps }) => ({
          ...samplePosition(side, size, entry, 1n),
          reserve: quote((size * entry * capBps) / 10n ** 14n),
        }));
      const moveArb = fc.record({
        positions: fc.array(positionArb, { minLength: 1, maxLength: 12 }),
        pick: fc.nat(11),
        moveBps: fc.bigInt(-9_900n, 20_000n),
      });
      fc.assert(
        fc.property(moveArb, ({ positions, pick, moveBps }) => {
          positions.forEach((position, number) => index.set(`owner-${number}`, position));
          const picked = positions[pick % positions.length] as PositionState;
          const price = samplePrice(((picked.entryValue / picked.size) * (10_000n + moveBps)) / 10_000n + 1n);
          const expected = positions.flatMap((position, number) =>
            isCapped(position, price.price) ? [`owner-${number}`] : [],
          );
          expect(owners(index.capped(price))).toEqual(expected.sort());
          positions.forEach((position, number) => index.set(`owner-${number}`, { ...position, size: 0n as never }));
        }),
        { numRuns: 300 },
      );
    }));

  it('a tick that caps nobody reads nothing of the open positions', () =>
    withIndex((_index, clock, storage) => {
      const filled = new LiquidationIndex(storage, clock);
      storage.transactionSync(() => {
        for (let i = 0; i < 5_000; i++) {
          filled.set(`owner-${i}`, samplePosition(i % 2 === 0 ? 'long' : 'short', UNIT, 100n * UNIT, 2_000_000n));
        }
      });
      const counted = countingStorage(storage);
      const watched = new LiquidationIndex(counted.storage, clock);
      counted.rowsRead();
      expect(watched.capped(samplePrice(150n * UNIT))).toEqual([]);
      expect(counted.rowsRead()).toBeLessThanOrEqual(idleRowsMax);
    }));

  it('a settlement moves the keys of a position and leaves its check and its command as they are', () =>
    withIndex((index) => {
      const market = sampleMarket();
      const healthy = samplePosition('long', UNIT, 100n * UNIT, 5_000_000n, { seq: 3n });
      index.set('a', healthy);
      const price = samplePrice(98n * UNIT);
      expect(index.liquidatable(market, price)).toEqual([]);
      expect(index.hasUrgent(market, price)).toBe(false);
      // Equity does not change in a settlement; here it does, so that the new state shows.
      index.settle('a', { ...healthy, margin: quote(1_000_000n) });
      expect(index.hasUrgent(market, price)).toBe(true);
      expect(index.liquidatable(market, price)).toEqual([{ kind: 'liquidation', owner: 'a', commandSeq: 3n }]);
      index.settle('a', { ...healthy, margin: quote(1_000_000n) });
      expect(index.liquidatable(market, price)).toEqual([]);
      expect(index.hasUrgent(market, price)).toBe(true);
      index.settle('nobody', healthy);
      expect(index.size).toBe(1);
    }));

  it('a tick reads the hits, not the open positions', () =>
    withIndex((index, clock, storage) => {
      const total = 5_000;
      storage.transactionSync(() => {
        for (let i = 0; i < total; i++) {
          // Liquidation prices spread from about 90 to 98 USD.
          index.set(`owner-${i}`, samplePosition('long', UNIT, 100n * UNIT, 2_000_000n + BigInt(i) * 2_000n));
        }
      });
      const market = sampleMarket();
      const counted = countingStorage(storage);
      const watched = new LiquidationIndex(counted.storage, clock);
      watched.warnings(market, samplePrice(120n * UNIT));
      counted.rowsRead();
      expect(watched.liquidatable(market, samplePrice(105n * UNIT))).toEqual([]);
      expect(counted.rowsRead()).toBeLessThanOrEqual(idleRowsMax);
      const hits = watched.liquidatable(market, samplePrice(100n * UNIT + (4n * UNIT) / 10n)).length;
      expect(hits).toBeGreaterThan(10);
      // A hit is read in the index and in the table, and once more to lease it.
      expect(counted.rowsRead()).toBeLessThanOrEqual(4 * hits + idleRowsMax);
      const warned = watched.warnings(market, samplePrice(100n * UNIT + (8n * UNIT) / 10n)).length;
      expect(warned).toBeGreaterThan(10);
      expect(counted.rowsRead()).toBeLessThanOrEqual(4 * (warned + hits) + idleRowsMax);
    }));

  it('a candidate is offered once while its check is under way, and again when its lease ends', () =>
    withIndex((index, clock) => {
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n));
      const market = sampleMarket();
      const price = samplePrice(95n * UNIT);
      expect(owners(index.liquidatable(market, price))).toEqual(['a']);
      expect(index.candidatesInFlight).toBe(1);
      expect(index.liquidatable(market, price)).toEqual([]);
      clock.advance(liquidationIndexLimits.leaseMs);
      expect(owners(index.liquidatable(market, price))).toEqual(['a']);
    }));

  it('a release offers again after a pause, a hand-over that failed at once, a changed position at once', () =>
    withIndex((index, clock) => {
      const market = sampleMarket();
      const price = samplePrice(95n * UNIT);
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n, { seq: 1n }));
      index.liquidatable(market, price);
      index.release('a', 1n);
      expect(index.liquidatable(market, price)).toEqual([]);
      clock.advance(liquidationIndexLimits.releasePauseMs);
      expect(owners(index.liquidatable(market, price))).toEqual(['a']);
      index.giveBack(['a']);
      expect(owners(index.liquidatable(market, price))).toEqual(['a']);
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 4_000_000n, { seq: 2n }));
      expect(index.liquidatable(market, price)).toMatchObject([{ owner: 'a', commandSeq: 2n }]);
    }));

  it('one tick starts a bounded number of checks, the riskiest first; the rest follow', () =>
    withIndex((index, _clock, storage) => {
      const total = liquidationIndexLimits.candidatesPerTickMax + 20;
      storage.transactionSync(() => {
        for (let i = 0; i < total; i++) {
          index.set(`owner-${i}`, samplePosition('short', UNIT, 100n * UNIT, 1_000_000n + BigInt(i)));
        }
      });
      const market = sampleMarket();
      const price = samplePrice(120n * UNIT);
      const first = index.liquidatable(market, price);
      expect(first).toHaveLength(liquidationIndexLimits.candidatesPerTickMax);
      expect(first[0]?.owner).toBe('owner-0');
      expect(index.liquidatable(market, price)).toHaveLength(20);
    }));

  it('warns once when the price crosses one and a half times the maintenance margin, also across a restart', () =>
    withIndex((index, clock, storage) => {
      const market = sampleMarket();
      // Warned below about 98.7 USD, liquidatable below about 97.4.
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n));
      index.set('b', samplePosition('long', UNIT, 100n * UNIT, 50_000_000n));
      expect(index.warnings(market, samplePrice(100n * UNIT))).toEqual([]);
      index.flush();
      const restarted = new LiquidationIndex(storage, clock);
      expect(restarted.warnings(market, samplePrice(98n * UNIT))).toEqual([
        { kind: 'warning', owner: 'a', commandSeq: 1n },
      ]);
      expect(restarted.warnings(market, samplePrice(97n * UNIT + UNIT / 2n))).toEqual([]);
      restarted.warnings(market, samplePrice(100n * UNIT));
      expect(restarted.warnings(market, samplePrice(98n * UNIT))).toEqual([]);
    }));

  it('a closed position leaves the index', () =>
    withIndex((index) => {
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n));
      index.set('a', samplePosition('long', 0n, 100n * UNIT, 0n));
      expect(index.size).toBe(0);
      expect(index.liquidatable(sampleMarket(), samplePrice(1n))).toEqual([]);
    }));
});
