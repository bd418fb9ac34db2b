import type { QuantDeskClient } from '#sdk/index.ts';
import { queryOptions } from '@tanstack/solid-query';

const alertRowsMax = 50;
const alertsRefreshMs = 15_000;
const healthRefreshMs = 10_000;

/** What the risk page reads by request; positions and prices come by socket. */
export function riskQueries({ history, risk }: QuantDeskClient) {
  return {
    alerts: (address: string) =>
      queryOptions({
        queryKey: ['alerts', address],
        queryFn: ({ signal }) => history.alerts({ limit: alertRowsMax, signal }),
        refetchInterval: alertsRefreshMs,
      }),
    health: (address: string) =>
      queryOptions({
        queryKey: ['risk-health', address],
        queryFn: ({ signal }) => risk.health(signal),
        refetchInterval: healthRefreshMs,
      }),
  };
}
