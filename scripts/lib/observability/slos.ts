/** What the exchange promises its users, and how much of it may be missed: the budget of 30 days. */
export interface Slo {
  /** As in names of recording rules. */
  readonly name: string;
  /** Share that has to be good. */
  readonly objective: number;
  readonly promise: string;
  /** PromQL: the share of a window (`5m` … `3d`) that was not good. */
  readonly errorRatio: (window: string) => string;
  readonly runbook: Runbook;
}

/** The pages an alert can lead to: `docs/runbooks/<name>.md`. */
export const runbooks = [
  'stale-oracle',
  'liquidation-backlog',
  'queue-growth',
  'indexer-hole',
  'database-down',
  'rpc-down',
  'keeper-key-rotation',
  'jwt-key-rotation',
  'pausing-a-market',
  'bad-deploy',
  'restore',
] as const;
export type Runbook = (typeof runbooks)[number];

/** Share of a histogram's observations above a bound that is one of its buckets. */
const slowerThan = (histogram: string, labels: string, seconds: number) => (window: string) =>
  `1 - sum(rate(${histogram}_bucket{${labels},le="${seconds}"}[${window}])) / sum(rate(${histogram}_count{${labels}}[${window}]))`;

/** Share of the time in which any series of a gauge was above a bound. */
const above = (gauge: string, bound: number) => (window: string) =>
  `max(avg_over_time((${gauge} > bool ${bound})[${window}:1m]))`;

export const slos: readonly Slo[] = [
  {
    name: 'api_availability',
    objective: 0.999,
    promise: 'A request is answered without an error of ours (5xx); `/ready`, which tells of others, is not counted',
    errorRatio: (window) =>
      `sum(rate(quantdesk_http_requests_total{status="5xx",operation!="GET /ready"}[${window}])) / sum(rate(quantdesk_http_requests_total{operation!="GET /ready"}[${window}]))`,
    runbook: 'bad-deploy',
  },
  {
    name: 'order_success',
    objective: 0.995,
    promise: 'An accepted order does not end by a fault of the chain, the oracle or the exchange',
    errorRatio: (window) =>
      `sum(rate(quantdesk_order_failures_total{code=~"(CHAIN|ORACLE|SYSTEM)_.*"}[${window}])) / sum(rate(quantdesk_orders_total{stage="accepted"}[${window}]))`,
    runbook: 'rpc-down',
  },
  {
    name: 'order_latency',
    objective: 0.99,
    promise: 'A market order that is filled is filled within 5 seconds of its acceptance',
    errorRatio: slowerThan('quantdesk_order_stage_seconds', 'stage="filled"', 5),
    runbook: 'rpc-down',
  },
  {
    name: 'price_freshness',
    objective: 0.999,
    promise: 'The newest price of every market arrived within the last 10 seconds',
    errorRatio: above('quantdesk_price_age_seconds', 10),
    runbook: 'stale-oracle',
  },
  {
    name: 'liquidation_delay',
    objective: 0.99,
    promise: 'A candidate for liquidation is decided within 15 seconds of its queueing',
    errorRatio: slowerThan('quantdesk_risk_check_seconds', 'kind="liquidation"', 15),
    runbook: 'liquidation-backlog',
  },
  {
    name: 'indexer_freshness',
    objective: 0.999,
    promise: 'Accounts and markets know everything the chain listed 20 seconds ago',
    errorRatio: above('quantdesk_indexer_lag_seconds', 20),
    runbook: 'indexer-hole',
  },
];

/** How fast a budget may burn: an alert needs both windows, the long one for weight, the short one to end soon (SRE workbook, ch. 5). */
export const burnRates = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'page', spent: '2 % of the budget in an hour' },
  { long: '6h', short: '30m', factor: 6, severity: 'page', spent: '5 % of the budget in six hours' },
  { long: '3d', short: '6h', factor: 1, severity: 'ticket', spent: '10 % of the budget in three days' },
] as const;

export const windows: readonly string[] = [...new Set(burnRates.flatMap(({ long, short }) => [short, long]))];

/** The recorded error ratio of a window. */
export const recordName = ({ name }: Pick<Slo, 'name'>, window: string): string => `slo:${name}:error_ratio_${window}`;
