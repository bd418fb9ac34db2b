import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { describe, expect, it } from 'vitest';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import { quote } from '#shared/money/units.ts';
import type { PositionState, Side } from '#shared/perps/types.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { LiquidationIndex, liquidationIndexLimits } from '../../../workers/market/liquidation-index.ts';
import { POSITION_TABLES } from '../../../workers/market/position-tables.ts';
import { sampleMarket, samplePosition, samplePrice } from './sample-market.ts';
import { countingStorage, withStorage } from './with-storage.ts';

const UNIT = 10n ** 8n;

const withIndex = (
  body: (index: LiquidationIndex, clock: ManualClock, storage: DurableObjectStorage) => void | Promise<void>,
): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, POSITION_TABLES);
    const clock = new ManualClock();
    return body(new LiquidationIndex(storage, clock), clock, storage);
  });

const owners = (candidates: readonly { readonly owner: string }[]): string[] =>
  candidates.map(({ owner }) => owner).sort();

/** SQLite counts a row for every statement, found or not; a tick has a handful of statements. */
const idleRowsMax = 6;

describe('LiquidationIndex', () => {
  it('gives the positions of a side nearest to their liquidation first, and changes nothing by it', () =>
    withIndex((index) => {
      const margins = [9n, 3n, 6n];
      const held = (side: Side, margin: bigint) => samplePosition(side, 10n ** 8n, 10n ** 10n, margin * 1_000_000n);
      for (const side of ['long', 'short'] as const)
        for (const margin of margins) index.set(`${side}-${margin}`, held(side, margin));
      for (const side of ['long', 'short'] as const) {
        expect(index.nearest(side, 2).map((position) => position.margin)).toEqual([3_000_000n, 6_000_000n]);
        expect(index.nearest(side, 2).every((position) => position.side === side)).toBe(true);
      }
      expect(index.candidatesInFlight).toBe(0);
    }));

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
        search(300),
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
        search(300),
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
      // The first tick of a life looks for leases that ended before it.
      watched.capped(samplePrice(150n * UNIT));
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
      watched.liquidatable(market, samplePrice(105n * UNIT));
      counted.rowsRead();
      expect(watched.liquidatable(market, samplePrice(105n * UNIT))).toEqual([]);
      expect(counted.rowsRead()).toBeLessThanOrEqual(idleRowsMax);
      const hits = watched.liquidatable(market, samplePrice(100n * UNIT + (4n * UNIT) / 10n)).length;
      expect(hits).toBeGreaterThan(10);
      // A hit is read in the index and in the table, and once more to lease it.
      expect(counted.rowsRead()).toBeLessThanOrEqual(4 * hits + idleRowsMax);
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
      index.set('a', samplePosition('long', UNIT / 2n, 100n * UNIT, 2_000_000n, { seq: 2n }));
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

  it('a close that the pool cannot pay is put off longer each time, and its liquidation is not', () =>
    withIndex((index, clock) => {
      const { capPauseMsMin } = liquidationIndexLimits;
      const won = { ...samplePosition('long', UNIT, 100n * UNIT, 1_000_000n), reserve: quote(10_000_000n) };
      index.set('a', won);
      const high = samplePrice(111n * UNIT);
      for (const pauseMs of [capPauseMsMin, 2 * capPauseMsMin, 4 * capPauseMsMin]) {
        expect(owners(index.capped(high))).toEqual(['a']);
        index.pauseCap('a', 1n);
        clock.advance(pauseMs - 1);
        expect(index.capped(high)).toEqual([]);
        clock.advance(1);
      }
      index.capped(high);
      index.pauseCap('a', 1n);
      expect(owners(index.liquidatable(sampleMarket(), samplePrice(90n * UNIT)))).toEqual(['a']);
      // Another state of the position is another close.
      index.set('a', { ...won, reserve: quote(9_000_000n), seq: 2n });
      expect(owners(index.capped(high))).toEqual(['a']);
    }));

  it('moving margin ends neither a check under way nor a pause, and the check ends its own lease', () =>
    withIndex((index, clock) => {
      const market = sampleMarket();
      const price = samplePrice(95n * UNIT);
      const withMargin = (margin: bigint, seq: bigint) =>
        index.set('a', samplePosition('long', UNIT, 100n * UNIT, margin, { seq }));
      withMargin(5_000_000n, 1n);
      expect(owners(index.liquidatable(market, price))).toEqual(['a']);
      for (let seq = 2n; seq < 10n; seq++) {
        clock.advance(400);
        withMargin(5_000_000n + seq, seq);
        expect(index.liquidatable(market, price)).toEqual([]);
      }
      expect(index.oldestCandidateMs).toBe(3_200);
      // Another candidate's check ends nothing; that of this one does, whatever command came since.
      index.release('a', 9n);
      expect(index.oldestCandidateMs).toBe(3_200);
      index.release('a', 1n);
      withMargin(5_000_010n, 10n);
      expect(index.liquidatable(market, price)).toEqual([]);
      clock.advance(liquidationIndexLimits.releasePauseMs);
      expect(index.liquidatable(market, price)).toMatchObject([{ owner: 'a', commandSeq: 10n }]);
      // Enough of it, and nothing waits once the check has ended.
      withMargin(50_000_000n, 11n);
      index.release('a', 10n);
      clock.advance(liquidationIndexLimits.releasePauseMs);
      expect(index.hasUrgent(market, price)).toBe(false);
    }));

  it('a close put off because the pool cannot pay stays put off while its owner moves margin', () =>
    withIndex((index, clock) => {
      const { capPauseMsMin } = liquidationIndexLimits;
      const won = { ...samplePosition('long', UNIT, 100n * UNIT, 1_000_000n), reserve: quote(10_000_000n) };
      const high = samplePrice(111n * UNIT);
      index.set('a', won);
      expect(owners(index.capped(high))).toEqual(['a']);
      index.set('a', { ...won, margin: quote(1_000_001n), seq: 2n });
      index.pauseCap('a', 1n);
      index.set('a', { ...won, margin: quote(1_000_002n), seq: 3n });
      expect(index.capped(high)).toEqual([]);
      expect(index.hasUrgent(sampleMarket(), high)).toBe(false);
      clock.advance(capPauseMsMin);
      expect(owners(index.capped(high))).toEqual(['a']);
    }));

  it('an event older than what is there changes nothing, and takes nothing away', () =>
    withIndex((index) => {
      const newer = samplePosition('long', 2n * UNIT, 100n * UNIT, 5_000_000n, { seq: 4n });
      index.set('a', newer, 9n);
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n, { seq: 3n }), 8n);
      index.set('a', samplePosition('long', 0n, 100n * UNIT, 0n, { seq: 3n }), 8n);
      expect(index.find('a')).toMatchObject({ state: newer, eventSeq: 9n });
      index.set('a', samplePosition('long', 0n, 100n * UNIT, 0n, { seq: 5n }), 10n);
      expect(index.find('a')).toBeNull();
    }));

  it('knows how long the oldest candidate waits, over its leases, and forgets it with its check', () =>
    withIndex((index, clock) => {
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n));
      const price = samplePrice(95n * UNIT);
      expect(index.oldestCandidateMs).toBeNull();
      index.liquidatable(sampleMarket(), price);
      clock.advance(liquidationIndexLimits.leaseMs);
      index.liquidatable(sampleMarket(), price);
      clock.advance(1_000);
      expect(index.oldestCandidateMs).toBe(liquidationIndexLimits.leaseMs + 1_000);
      index.release('a', 1n);
      expect(index.oldestCandidateMs).toBeNull();
    }));

  it('a closed position leaves the index', () =>
    withIndex((index) => {
      index.set('a', samplePosition('long', UNIT, 100n * UNIT, 5_000_000n));
      index.set('a', samplePosition('long', 0n, 100n * UNIT, 0n));
      expect(index.size).toBe(0);
      expect(index.liquidatable(sampleMarket(), samplePrice(1n))).toEqual([]);
    }));
});
