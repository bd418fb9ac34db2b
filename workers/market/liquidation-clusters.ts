import { BPS_SCALE, price as toPrice, quote } from '#shared/money/units.ts';
import { abs, divFloor } from '#shared/money/divide.ts';
import { liquidationPrice } from '#shared/perps/liquidation.ts';
import { notional } from '#shared/perps/notional.ts';
import type { MarketState, OraclePrice, PositionState } from '#shared/perps/types.ts';
import type { LiquidationCluster } from './contract.ts';

/** Width of a cluster, and how far from the price one is told of, in basis points of the price. */
const widthBps = 50n;
const reachBps = 2_000n;

/** Positions of each side that are looked at: those nearest to their liquidation. */
export const clusteredPerSideMax = 500;

/**
 * Where positions would be liquidated: their notional at the price of now, summed in steps of half a percent of it, at most a fifth away, the
 * nearest first. A cluster stands at the end of its step that is nearer to the price; it names nobody.
 */
export function clustersOf(
  positions: readonly PositionState[],
  market: MarketState,
  { price }: Pick<OraclePrice, 'price'>,
): LiquidationCluster[] {
  const bySide = { long: new Map<bigint, bigint>(), short: new Map<bigint, bigint>() };
  for (const position of positions) {
    const at = liquidationPrice(position, market, market.config.maintenanceMarginBps);
    if (at === null || at === 0n) continue;
    const away = (position.side === 'long' ? price - at : at - price) * BPS_SCALE;
    const step = away <= 0n ? 0n : divFloor(away, price * widthBps);
    if (step * widthBps >= reachBps) continue;
    const steps = bySide[position.side];
    steps.set(step, (steps.get(step) ?? 0n) + notional(position.size, price));
  }
  const clusters = (['long', 'short'] as const).flatMap((side) =>
    [...bySide[side]].map(([step, sum]) => {
      const move = divFloor(price * step * widthBps, BPS_SCALE);
      return { side, price: toPrice(side === 'long' ? price - move : price + move), notional: quote(sum) };
    }),
  );
  return clusters.sort((a, b) => Number(abs(a.price - price) - abs(b.price - price)));
}
