import type { PoolRepository } from '#db/repositories/pool.ts';
import { presentPool } from '../api/present-pool.ts';
import type { PoolState } from '../chain/pool-reader.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import { snapshotEveryMs } from './snapshots.ts';

export interface PoolSnapshotParts {
  /** Null before the exchange was initialised. */
  readonly readPool: () => Promise<PoolState | null>;
  /** All markets; one that cannot be asked leaves the pool without a value. */
  readonly readMarkets: () => Promise<readonly MarketSnapshot[]>;
  readonly pool: Pick<PoolRepository, 'record'>;
  readonly nowMs: number;
}

/**
 * Notes what a share of the pool is worth, once every five minutes however often it is called: the same figures that GET /api/pool answers.
 * Answers how many snapshots were offered: none while the pool has no price.
 *
 * @throws ChainUnavailable, DatabaseUnavailable, TimeoutError.
 */
export async function notePool({ readPool, readMarkets, pool, nowMs }: PoolSnapshotParts): Promise<number> {
  const [state, markets] = await Promise.all([readPool(), readMarkets()]);
  if (state === null) return 0;
  const { share_price: sharePrice, total_shares: totalShares, equity } = presentPool(state, markets);
  if (sharePrice === null || equity === null) return 0;
  await pool.record({ sharePrice, totalShares, equity, snapshotTimeMs: nowMs - (nowMs % snapshotEveryMs) });
  return 1;
}
