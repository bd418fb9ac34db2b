import { describe, expect, it } from 'vitest';
import { price } from '#shared/money/units.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import { Facts, MARKET_MIGRATIONS } from '../../../workers/market/market-tables.ts';
import { PriceBrake } from '../../../workers/market/price-brake.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { withStorage } from './with-storage.ts';

const UNIT = 10n ** 8n;
const settings = { moveBps: 1_000n, calmBps: 200n, calmSeconds: 30n };

const priceOf = (usd: number, ema: number, publishTime: number): OraclePrice => ({
  price: price((BigInt(Math.round(usd * 100)) * UNIT) / 100n),
  conf: price(1n),
  ema: price((BigInt(Math.round(ema * 100)) * UNIT) / 100n),
  publishTime: BigInt(publishTime),
});

const withBrake = (body: (parts: { see: See; brake: PriceBrake; facts: Facts }) => void): Promise<void> =>
  withStorage((storage) => {
    migrate(storage, MARKET_MIGRATIONS);
    const facts = new Facts(storage.sql);
    const brake = new PriceBrake(facts, settings, null);
    body({ brake, facts, see: (usd, time, ema = usd) => brake.observe(priceOf(usd, ema, time)) });
  });
type See = (usd: number, time: number, ema?: number) => 'engaged' | 'released' | null;

describe('the price brake', () => {
  it.each([
    ['a rise', 110, 110.01],
    ['a fall', 90, 89.99],
  ])('takes hold at %s beyond the limit and not at the limit', (_what, atLimit, beyond) =>
    withBrake(({ see, brake }) => {
      expect(see(100, 0)).toBeNull();
      expect(see(atLimit, 30)).toBeNull();
      expect(brake.current).toBeNull();
      expect(see(beyond, 31)).toBe('engaged');
      expect(brake.current).toMatchObject({ kind: 'price_move', sinceSeconds: 31 });
    }),
  );

  it('counts moves of a minute: further back is no move, within a second and step by step is one', () =>
    withBrake(({ see }) => {
      see(100, 0);
      see(105, 30);
      expect(see(111, 61)).toBeNull();
      see(112, 61);
      see(111, 61);
      expect(see(115.51, 90)).toBe('engaged');
    }));

  it('lets go when every price of the time was near its average, and begins a new window', () =>
    withBrake(({ see, brake }) => {
      see(100, 0);
      expect(see(120, 10, 102)).toBe('engaged');
      for (let time = 11; time <= 50; time++) expect(see(120, time, 110)).toBeNull();
      // 118 is nearer than 2 % of the average, 117.6 is not.
      expect(see(120, 51, 118)).toBeNull();
      expect(see(120, 60, 117)).toBeNull();
      for (let time = 61; time < 91; time++) expect(see(120, time, 119)).toBeNull();
      expect(see(120, 91, 119)).toBe('released');
      expect(brake.current).toBeNull();
      expect(see(121, 92)).toBeNull();
    }));

  it('a silent feed confirms nothing', () =>
    withBrake(({ see }) => {
      see(100, 0);
      see(120, 1);
      see(120, 2);
      expect(see(120, 100)).toBeNull();
      for (let time = 101; time < 131; time++) expect(see(120, time)).toBeNull();
      expect(see(120, 131)).toBe('released');
    }));

  it('outlives an eviction, and a jump over one is a jump', () =>
    withBrake(({ see, facts }) => {
      see(100, 0);
      const woken = new PriceBrake(facts, settings, priceOf(100, 100, 0));
      expect(woken.observe(priceOf(120, 100, 20))).toBe('engaged');
      const again = new PriceBrake(facts, settings, priceOf(120, 100, 20));
      expect(again.current).toMatchObject({ sinceSeconds: 20 });
      expect(again.observe(priceOf(120, 120, 21))).toBeNull();
    }));
});
