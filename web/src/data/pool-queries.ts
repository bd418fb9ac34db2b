import type { QuantDeskClient } from '#sdk/index.ts';
import type { PoolPointDto } from '#shared/protocol/pool.ts';
import type { PortfolioInterval } from '#shared/protocol/portfolio.ts';
import { queryOptions } from '@tanstack/solid-query';

import { readPages } from './read-pages.ts';
import { quickRefreshMs } from './refresh-pace.ts';

const holderRefreshMs = 15_000;
/** A request executes within seconds of its window: it is watched closely. */
const pendingRefreshMs = 2_000;
const historyRefreshMs = 60_000;
const historyPagesMax = 2;

/** What the page of the pool reads by request. */
export function poolQueries({ pool }: QuantDeskClient) {
  return {
    pool: () =>
      queryOptions({
        queryKey: ['pool'],
        queryFn: ({ signal }) => pool.get(signal),
        refetchInterval: quickRefreshMs,
      }),
    holder: (address: string) =>
      queryOptions({
        queryKey: ['pool-holder', address],
        queryFn: ({ signal }) => pool.me(signal),
        refetchInterval: (query) => ((query.state.data?.pending ?? null) === null ? holderRefreshMs : pendingRefreshMs),
      }),
    /** Newest first. */
    history: (interval: PortfolioInterval) =>
      queryOptions({
        queryKey: ['pool-history', interval],
        queryFn: async ({ signal }): Promise<readonly PoolPointDto[]> =>
          (await readPages((page) => pool.history({ ...page, interval, signal }), historyPagesMax)).rows,
        refetchInterval: historyRefreshMs,
      }),
  };
}
