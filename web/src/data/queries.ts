import type { QuantDeskClient } from '#sdk/index.ts';
import { QueryClient, queryOptions } from '@tanstack/solid-query';

/** Rows of a history table. */
const historyRowsMax = 100;
const marketsRefreshMs = 15_000;
const withdrawalRefreshMs = 15_000;
const owedRefreshMs = 15_000;

/** The client retries reads itself, with jitter and bounds: a second layer of retries would multiply them. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: true } } });

/** What is read by request; live figures come by socket. */
export function createQueries(client: QuantDeskClient) {
  return {
    config: () =>
      queryOptions({
        queryKey: ['config'],
        queryFn: ({ signal }) => client.config(signal),
        staleTime: Infinity,
        retry: 5,
      }),
    markets: () =>
      queryOptions({
        queryKey: ['markets'],
        queryFn: ({ signal }) => client.market.markets(signal),
        refetchInterval: marketsRefreshMs,
      }),
    fills: (address: string) =>
      queryOptions({ queryKey: ['fills', address], queryFn: () => client.history.fills({ limit: historyRowsMax }) }),
    liquidations: (address: string) =>
      queryOptions({
        queryKey: ['liquidations', address],
        queryFn: () => client.history.liquidations({ limit: historyRowsMax }),
      }),
    /** Open positions with what accrued until now; their changes come by socket. */
    positions: (address: string) =>
      queryOptions({
        queryKey: ['positions', address],
        queryFn: ({ signal }) => client.positions.list(signal),
        refetchInterval: owedRefreshMs,
      }),
    /** What open positions paid since they were opened; read again after each execution, as everything under `fills`. */
    positionCosts: (address: string) =>
      queryOptions({
        queryKey: ['fills', address, 'position-costs'],
        queryFn: ({ signal }) => client.positions.costs(signal),
        refetchInterval: owedRefreshMs,
      }),
    /** What waits for its turn to leave; asked again only while something does. */
    withdrawal: (address: string) =>
      queryOptions({
        queryKey: ['withdrawal', address],
        queryFn: ({ signal }) => client.account.withdrawal(signal),
        refetchInterval: (query) => ((query.state.data?.amount ?? null) === null ? false : withdrawalRefreshMs),
      }),
    receipt: (signature: string) =>
      queryOptions({
        queryKey: ['receipt', signature],
        queryFn: ({ signal }) => client.history.receipt(signature, signal),
        staleTime: Infinity,
        retry: 3,
      }),
  };
}

export type Queries = ReturnType<typeof createQueries>;
