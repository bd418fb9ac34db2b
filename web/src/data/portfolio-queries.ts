import type { QuantDeskClient } from '#sdk/index.ts';
import type { PortfolioInterval, PortfolioPointDto } from '#shared/protocol/portfolio.ts';
import { queryOptions } from '@tanstack/solid-query';

import type { ReadList, TradeRecord } from '../domain/portfolio/breakdown.ts';
import { readPages } from './read-pages.ts';

/** Pages read of a list: older rows are left out, and the screen says from when on it counts. */
const recordPagesMax = 10;
/** 288 points are a day of five minutes each. */
const historyPagesMax = 2;
const transferRowsMax = 50;
const historyRefreshMs = 60_000;
const recordRefreshMs = 60_000;
const transfersRefreshMs = 15_000;
const delegateRefreshMs = 60_000;

/** What the portfolio page reads by request. Keys that begin with `fills` are read again after each execution. */
export function portfolioQueries({ account, auth, history }: QuantDeskClient) {
  return {
    history: (address: string, interval: PortfolioInterval) =>
      queryOptions({
        queryKey: ['portfolio-history', address, interval],
        queryFn: ({ signal }): Promise<ReadList<PortfolioPointDto>> =>
          readPages((page) => account.history({ ...page, interval, signal }), historyPagesMax),
        refetchInterval: historyRefreshMs,
      }),
    /** Every execution and payment, as far as `recordPagesMax` pages of each reach. */
    record: (address: string) =>
      queryOptions({
        queryKey: ['fills', address, 'record'],
        queryFn: async ({ signal }): Promise<TradeRecord> => {
          const [fills, liquidations, funding] = await Promise.all([
            readPages((page) => history.fills({ ...page, signal }), recordPagesMax),
            readPages((page) => history.liquidations({ ...page, signal }), recordPagesMax),
            readPages((page) => history.funding({ ...page, signal }), recordPagesMax),
          ]);
          return { fills, liquidations, funding };
        },
        refetchInterval: recordRefreshMs,
      }),
    transfers: (address: string) =>
      queryOptions({
        queryKey: ['transfers', address],
        queryFn: ({ signal }) => account.transfers({ limit: transferRowsMax, signal }),
        refetchInterval: transfersRefreshMs,
      }),
    delegate: (address: string) =>
      queryOptions({
        queryKey: ['delegate', address],
        queryFn: ({ signal }) => account.delegate(signal),
        refetchInterval: delegateRefreshMs,
      }),
    sessions: (address: string) =>
      queryOptions({ queryKey: ['sessions', address], queryFn: ({ signal }) => auth.sessions(signal) }),
  };
}
