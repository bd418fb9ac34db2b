import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MARKET_SYMBOLS } from '#shared/markets.ts';
import type { MarketRpc } from '../market/contract.ts';
import { ManualClock } from '../platform/testing.ts';
import { MarketViews, snapshotAgeMsMax } from './market-views.ts';

/** The real objects, their snapshots counted. */
class CountedMarkets {
  calls = 0;
  failing = false;

  objectOf = (symbol: string): MarketRpc => {
    const market = env.MARKETS.getByName(symbol);
    const snapshot = () => {
      this.calls += 1;
      return this.failing ? Promise.reject(new Error('the object is away')) : market.snapshot();
    };
    return { snapshot } as unknown as MarketRpc;
  };
}

describe('reads of markets over HTTP', () => {
  let clock: ManualClock;
  let markets: CountedMarkets;
  let views: MarketViews;

  // An object that just started takes its time to learn its price; that is not what is measured here.
  beforeAll(() => Promise.all(MARKET_SYMBOLS.map((symbol) => env.MARKETS.getByName(symbol).snapshot())));
  beforeEach(() => {
    clock = new ManualClock();
    markets = new CountedMarkets();
    views = new MarketViews(markets.objectOf, clock);
  });

  it('a thousand readers at once cost one call of the object', async () => {
    const snapshots = await Promise.all(Array.from({ length: 1_000 }, () => views.snapshot('SOL-PERP')));
    expect(markets.calls).toBe(1);
    expect(new Set(snapshots).size).toBe(1);
  });

  it('a snapshot serves for 250 ms from when it was asked for, and not a moment longer', async () => {
    const first = await views.snapshot('SOL-PERP');
    clock.advance(snapshotAgeMsMax);
    expect(await views.snapshot('SOL-PERP')).toBe(first);
    expect(markets.calls).toBe(1);
    clock.advance(1);
    expect(await views.snapshot('SOL-PERP')).not.toBe(first);
    expect(markets.calls).toBe(2);
    expect(snapshotAgeMsMax).toBe(250);
  });

  it('each market has a snapshot of its own', async () => {
    const all = await views.all();
    expect(all.map(({ symbol }) => symbol)).toEqual([...MARKET_SYMBOLS]);
    await views.all();
    expect(markets.calls).toBe(MARKET_SYMBOLS.length);
  });

  it('a failed call is kept for nobody', async () => {
    markets.failing = true;
    await expect(views.snapshot('SOL-PERP')).rejects.toThrow('the object is away');
    markets.failing = false;
    expect((await views.snapshot('SOL-PERP')).symbol).toBe('SOL-PERP');
  });
});
