import { expect, it } from 'vitest';
import { price, size } from '#shared/money/units.ts';
import { liquidationPrice } from '#shared/perps/liquidation.ts';
import type { PositionState, Side } from '#shared/perps/types.ts';
import { sampleMarket, samplePosition } from '../../tests/workers/market/sample-market.ts';
import { clustersOf } from './liquidation-clusters.ts';

const usd = 100_000_000n;
const now = price(100n * usd);
const market = sampleMarket();
/** One base unit entered at 100, with so much margin. */
const held = (side: Side, marginUsd: bigint, units = 1n): PositionState =>
  samplePosition(side, size(units * usd), now, marginUsd * units * 1_000_000n);

it('sums what would be liquidated in steps of half a percent, longs below the price, shorts above, the nearest first', () => {
  const clusters = clustersOf([held('long', 5n), held('long', 5n, 3n), held('long', 9n), held('short', 6n)], market, {
    price: now,
  });
  const found = clusters.map(({ side, notional }) => [side, notional]);
  expect(found).toEqual([
    ['long', 400_000_000n],
    ['short', 100_000_000n],
    ['long', 100_000_000n],
  ]);
  for (const { side, price: at } of clusters) expect(side === 'long' ? at < now : at > now).toBe(true);
  const exact = liquidationPrice(held('long', 5n), market, market.config.maintenanceMarginBps) ?? 0n;
  const first = clusters[0]?.price ?? 0n;
  expect(first - exact).toBeGreaterThanOrEqual(0n);
  expect(first - exact).toBeLessThan(usd / 2n);
});

it('tells of none that is further than a fifth of the price, and puts what is due already at the price', () => {
  expect(clustersOf([held('long', 90n)], market, { price: now })).toEqual([]);
  expect(clustersOf([held('long', 5n)], market, { price: price(90n * usd) })).toMatchObject([{ price: 90n * usd }]);
});
