import { burnRates, recordName, type Runbook, slos, windows } from './slos.ts';

/** A cause that somebody has to look at, whatever it does to the promises. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  /** `page`: somebody gets up; `ticket`: in working hours. */
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  readonly runbook: Runbook;
}

export const alerts: readonly Alert[] = [
  {
    alert: 'PriceStale',
    expr: 'quantdesk_price_age_seconds > 30',
    for: '1m',
    severity: 'page',
    summary:
      'No price of {{ $labels.market }} for {{ $value | humanizeDuration }}: nothing opens, triggers or is liquidated',
    runbook: 'stale-oracle',
  },
  {
    alert: 'PricesRefused',
    expr: 'sum by (market) (rate(quantdesk_ticks_total{outcome="refused"}[5m])) / sum by (market) (rate(quantdesk_ticks_total[5m])) > 0.5',
    for: '2m',
    severity: 'page',
    summary: 'More than half of the prices of {{ $labels.market }} are refused',
    runbook: 'stale-oracle',
  },
  {
    alert: 'RiskQueueSlow',
    expr: 'quantdesk_risk_queue_age_seconds > 45',
    for: '1m',
    severity: 'page',
    summary: 'A position of {{ $labels.market }} waits for its check for {{ $value | humanizeDuration }}',
    runbook: 'liquidation-backlog',
  },
  {
    alert: 'ManyLiquidations',
    expr: 'sum by (market) (increase(quantdesk_liquidations_total[5m])) > 150',
    for: '0m',
    severity: 'ticket',
    summary: 'More than 30 liquidations a minute in {{ $labels.market }}',
    runbook: 'liquidation-backlog',
  },
  {
    alert: 'RiskQueueGrows',
    expr: 'sum(quantdesk_risk_queue_depth) > 500',
    for: '5m',
    severity: 'page',
    summary: 'More than 500 candidates wait for their check',
    runbook: 'queue-growth',
  },
  {
    alert: 'DeadLetters',
    expr: 'increase(quantdesk_dead_letters_total[15m]) > 0',
    for: '0m',
    severity: 'page',
    summary: 'A risk check failed every attempt: a position may be open that should not be',
    runbook: 'queue-growth',
  },
  {
    alert: 'SubscribersBehind',
    expr: 'sum(rate(quantdesk_slow_sockets_total{answer="closed"}[5m])) > 1 or quantdesk_fanout_lag_messages > 900',
    for: '5m',
    severity: 'ticket',
    summary: 'Sockets fall behind what markets publish',
    runbook: 'queue-growth',
  },
  {
    alert: 'IndexerHole',
    expr: 'quantdesk_indexer_holes > 0',
    for: '1m',
    severity: 'page',
    summary: '{{ $value }} streams wait for a missing event',
    runbook: 'indexer-hole',
  },
  {
    alert: 'IndexDifference',
    expr: 'quantdesk_reconcile_differences > 0 or quantdesk_reconcile_late_events > 0',
    for: '3m',
    severity: 'page',
    summary: 'The liquidation index of {{ $labels.market }} is not the chain’s',
    runbook: 'indexer-hole',
  },
  {
    alert: 'DatabaseDown',
    expr: 'quantdesk_breaker_state{part="database"} == 2 or rate(quantdesk_projection_failures_total[5m]) > 0',
    for: '2m',
    severity: 'page',
    summary: 'The database does not answer; trading goes on, history and sign-in details do not',
    runbook: 'database-down',
  },
  {
    alert: 'DatabaseBehind',
    expr: 'quantdesk_database_backlog_events > 1000',
    for: '5m',
    severity: 'ticket',
    summary: '{{ $value }} events wait for the database',
    runbook: 'database-down',
  },
  {
    alert: 'DatabaseFarBehind',
    expr: 'quantdesk_database_backlog_events > 100000',
    for: '15m',
    severity: 'page',
    summary: 'The backlog nears its bound; rows may have to be restored or rebuilt',
    runbook: 'restore',
  },
  {
    alert: 'RpcDown',
    expr: 'quantdesk_breaker_state{part="solana"} == 2 or sum(rate(quantdesk_chain_calls_total{outcome="unavailable"}[5m])) / sum(rate(quantdesk_chain_calls_total[5m])) > 0.2',
    for: '2m',
    severity: 'page',
    summary: 'The Solana node does not answer, or fails one call in five',
    runbook: 'rpc-down',
  },
  {
    alert: 'IndexerLate',
    expr: 'quantdesk_indexer_lag_seconds > 20 or rate(quantdesk_indexer_read_failures_total[5m]) > 0.5',
    for: '2m',
    severity: 'page',
    summary: 'The indexer does not keep up with the chain',
    runbook: 'rpc-down',
  },
  {
    alert: 'KeeperRefused',
    expr: 'increase(quantdesk_chain_errors_total{code=~"NotKeeper|UnknownKeeper"}[10m]) > 0',
    for: '0m',
    severity: 'page',
    summary: 'The program does not know the keeper: no order of anybody can be executed',
    runbook: 'keeper-key-rotation',
  },
  {
    alert: 'SignInsFail',
    expr: 'sum(rate(quantdesk_refusals_total{code=~"AUTH_001|AUTH_006"}[10m])) / sum(rate(quantdesk_http_requests_total[10m])) > 0.5',
    for: '10m',
    severity: 'page',
    summary: 'Half of all requests carry a token that is not accepted',
    runbook: 'jwt-key-rotation',
  },
  {
    alert: 'PoolShort',
    expr: 'increase(quantdesk_chain_errors_total{code=~"PoolShort|NeedsInsurance"}[10m]) > 0 or increase(quantdesk_risk_checks_total{outcome="unpaid"}[10m]) > 0',
    for: '0m',
    severity: 'page',
    summary: 'The pool cannot pay what a position has won',
    runbook: 'pausing-a-market',
  },
  {
    alert: 'LiquidationsSwitchedOff',
    expr: 'quantdesk_risk_conditions{kind="liquidate_switched_off"} == 1',
    for: '0m',
    severity: 'page',
    summary: 'Liquidations of {{ $labels.market }} are switched off: unhealthy positions stay open',
    runbook: 'pausing-a-market',
  },
  {
    alert: 'MarketHeldBack',
    expr: 'quantdesk_risk_conditions{kind=~"price_move|(open|close|trigger)_switched_off"} == 1',
    for: '15m',
    severity: 'ticket',
    summary: 'The brake or an operator has held {{ $labels.market }} back for 15 minutes',
    runbook: 'pausing-a-market',
  },
  {
    alert: 'ServerErrors',
    expr: 'sum(rate(quantdesk_refusals_total{code="SYSTEM_001"}[5m])) > 0.1',
    for: '5m',
    severity: 'page',
    summary: 'Unexpected errors: more than six a minute',
    runbook: 'bad-deploy',
  },
  {
    alert: 'SweepStopped',
    expr: 'sum(increase(quantdesk_sweep_steps_total{outcome="done"}[5m])) == 0 or absent(quantdesk_sweep_steps_total)',
    for: '5m',
    severity: 'page',
    summary: 'The sweep of every minute has not run, or its figures are not shown',
    runbook: 'bad-deploy',
  },
];

/** A fixed shape of objects that Prometheus reads: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export function ruleFile() {
  return {
    groups: [
      {
        name: 'quantdesk-slo-ratios',
        interval: '1m',
        rules: slos.flatMap((slo) =>
          windows.map((window) => ({ record: recordName(slo, window), expr: slo.errorRatio(window) })),
        ),
      },
      { name: 'quantdesk-slo-burn', rules: slos.flatMap(burnAlerts) },
      {
        name: 'quantdesk-causes',
        rules: alerts.map(({ runbook, summary, severity, ...rule }) => ({
          ...rule,
          labels: { severity },
          annotations: { summary, runbook: pathOf(runbook) },
        })),
      },
    ],
  };
}

export const pathOf = (runbook: Runbook): string => `docs/runbooks/${runbook}.md`;

const burnAlerts = (slo: (typeof slos)[number]) =>
  burnRates.map(({ long, short, factor, severity, spent }) => {
    const bound = boundOf(factor, slo.objective);
    return {
      alert: `${camelOf(slo.name)}Burns${long}`,
      expr: `${recordName(slo, long)} > ${bound} and ${recordName(slo, short)} > ${bound}`,
      labels: { severity, slo: slo.name },
      annotations: { summary: `${slo.promise}: ${spent} or faster`, runbook: pathOf(slo.runbook) },
    };
  });

/** The error ratio at which a budget burns so many times too fast; never more than all. */
export const boundOf = (factor: number, objective: number): number =>
  Math.min(1, Math.round(factor * (1 - objective) * 1e6) / 1e6);

const camelOf = (name: string): string =>
  name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
