import { describe, expect, it } from 'vitest';
import { quote } from '#shared/money/units.ts';
import type { MarketState } from '#shared/perps/types.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { LiquidationIndex } from '../../../workers/market/liquidation-index.ts';
import { POSITION_TABLES } from '../../../workers/market/position-tables.ts';
import { OWED_PAYOUTS_TABLE, settlementWorthMin, Upkeep } from '../../../workers/market/upkeep.ts';
import { sampleMarket, samplePosition } from './sample-market.ts';
import { withStorage } from './with-storage.ts';

const UNIT = 10n ** 8n;

const withUpkeep = (body: (upkeep: Upkeep, index: LiquidationIndex) => void): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, [...POSITION_TABLES, OWED_PAYOUTS_TABLE]);
    body(new Upkeep(storage.sql), new LiquidationIndex(storage, new ManualClock()));
  });

/** A market with room in its sums for the positions of these tests. */
const crowded = (indexes: Parameters<typeof sampleMarket>[0] = {}): MarketState => {
  const market = sampleMarket(indexes);
  return { ...market, long: { ...market.long, margin: quote(10n ** 12n) } };
};

/** A long of so many base units at 100 USD with a margin of 10 %. */
const long = (size: bigint) => samplePosition('long', size * UNIT, 100n * UNIT, size * 10n ** 7n);

describe('Upkeep', () => {
  it('names the positions whose settlement moves enough to be worth it, slice by slice, round and round', () =>
    withUpkeep((upkeep, index) => {
      for (const name of ['a', 'b', 'c', 'd']) index.set(name, long(name === 'c' ? 1n : 100n));
      // A base unit owes a tenth of a dollar: 10 USD for a hundred.
      const market = crowded({ borrow: 10n ** 17n });
      expect(100n * 10n ** 5n).toBeGreaterThan(settlementWorthMin);
      expect(upkeep.unsettled(market, 2)).toEqual(['a', 'b']);
      expect(upkeep.unsettled(market, 2)).toEqual(['d']);
      expect(upkeep.unsettled(market, 2)).toEqual(['a', 'b']);
      expect(upkeep.unsettled(crowded(), 10)).toEqual([]);
    }));

  it('leaves what the market would refuse: less than its own minimum, a receipt the backing cannot pay', () =>
    withUpkeep((upkeep, index) => {
      index.set('a', long(100n));
      const market = crowded({ borrow: 10n ** 17n });
      const high = { ...market, config: { ...market.config, minSettleQuote: quote(100_000_000n) } };
      expect(upkeep.unsettled(high, 10)).toEqual([]);
      const receives = { ...crowded({ funding: -(10n ** 17n) }), backing: quote(0n) };
      expect(upkeep.unsettled(receives, 10)).toEqual([]);
    }));

  it('remembers who is owed a payout until it was made in full', () =>
    withUpkeep((upkeep) => {
      upkeep.notePayout('a', 5n);
      upkeep.notePayout('a', 7n);
      upkeep.notePayout('b', 1n);
      expect(upkeep.owed(10)).toEqual(['a', 'b']);
      expect(upkeep.owed(1)).toEqual(['a']);
      upkeep.notePayout('a', 3n);
      upkeep.notePayout('b', 0n);
      expect(upkeep.owed(10)).toEqual(['a']);
    }));
});
