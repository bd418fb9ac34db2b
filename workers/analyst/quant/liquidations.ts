/** How near liquidations are: where positions would be closed by force, and how likely the price gets there. */
import type { LiquidationCluster } from './contract.ts';
import { normalCdf } from './statistics.ts';

/** Standard deviations of the horizon's move within which notional counts as near. */
const nearSigmas = 2;

export interface NearLiquidations {
  /** Price of the nearest cluster, USD. */
  readonly price: number;
  /** Its distance, a part of the price, always positive. */
  readonly distance: number;
  /** Probability that the price touches it within the horizon. */
  readonly reached: number;
  /** Notional within `nearSigmas`, USDC. */
  readonly notional: number;
}

/**
 * The clusters of one side; null where there are none: longs' below the price, shorts' above, where they are not due already. A price
 * without drift touches a distance d within the horizon with probability 2·(1 − Φ(d/σ)) (reflection principle).
 */
export function nearLiquidations(
  clusters: readonly LiquidationCluster[],
  side: 'long' | 'short',
  price: number,
  sigma: number,
): NearLiquidations | null {
  const distanceOf = (cluster: LiquidationCluster): number =>
    side === 'long' ? Math.log(price / cluster.price) : Math.log(cluster.price / price);
  const ahead = clusters
    .filter((cluster) => cluster.side === side && distanceOf(cluster) > 0)
    .sort((a, b) => distanceOf(a) - distanceOf(b));
  const nearest = ahead[0];
  if (nearest === undefined) return null;
  const notional = ahead
    .filter((cluster) => distanceOf(cluster) <= nearSigmas * sigma)
    .reduce((sum, cluster) => sum + cluster.notional_usdc, 0);
  return {
    price: nearest.price,
    distance: Math.abs(nearest.price - price) / price,
    reached: 2 * (1 - normalCdf(distanceOf(nearest) / sigma)),
    notional,
  };
}
