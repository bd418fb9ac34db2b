import { recordName, slos } from './slos.ts';

interface Panel {
  readonly title: string;
  /** Of Grafana. */
  readonly unit: 'short' | 's' | 'ops' | 'percentunit' | 'currencyUSD';
  readonly queries: readonly (readonly [legend: string, expr: string])[];
}

const p = (share: number, histogram: string, by = ''): string =>
  `histogram_quantile(${share}, sum by (le${by}) (rate(${histogram}_bucket[$__rate_interval])))`;
const perSecond = (counter: string, by: string): string => `sum by (${by}) (rate(${counter}[$__rate_interval]))`;

/** The panels, by row. Every metric of the catalogue is shown in one of them. */
export const rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[] = [
  {
    title: 'Promises',
    panels: [
      {
        title: 'Error ratio, 1 h',
        unit: 'percentunit',
        queries: slos.map((slo) => [slo.name, recordName(slo, '1h')] as const),
      },
      {
        title: 'Requests',
        unit: 'ops',
        queries: [['{{status}}', perSecond('quantdesk_http_requests_total', 'status')]],
      },
      {
        title: 'Time to the answer, p99',
        unit: 's',
        queries: [['{{rate}}', p(0.99, 'quantdesk_http_request_seconds', ', rate')]],
      },
      { title: 'Refusals', unit: 'ops', queries: [['{{code}}', perSecond('quantdesk_refusals_total', 'code')]] },
    ],
  },
  {
    title: 'Orders',
    panels: [
      { title: 'Orders by stage', unit: 'ops', queries: [['{{stage}}', perSecond('quantdesk_orders_total', 'stage')]] },
      {
        title: 'Market orders: time since acceptance',
        unit: 's',
        queries: [
          ['{{stage}} p50', p(0.5, 'quantdesk_order_stage_seconds', ', stage')],
          ['{{stage}} p99', p(0.99, 'quantdesk_order_stage_seconds', ', stage')],
        ],
      },
      {
        title: 'Transactions of orders',
        unit: 'ops',
        queries: [['{{outcome}}', perSecond('quantdesk_order_attempts_total', 'outcome')]],
      },
      {
        title: 'Orders that failed',
        unit: 'ops',
        queries: [['{{code}}', perSecond('quantdesk_order_failures_total', 'code')]],
      },
    ],
  },
  {
    title: 'Prices and sockets',
    panels: [
      { title: 'Age of the newest price', unit: 's', queries: [['{{market}}', 'quantdesk_price_age_seconds']] },
      {
        title: 'Prices',
        unit: 'ops',
        queries: [['{{market}} {{outcome}}', perSecond('quantdesk_ticks_total', 'market, outcome')]],
      },
      {
        title: 'Publish time to sockets, p99',
        unit: 's',
        queries: [['{{market}}', p(0.99, 'quantdesk_price_delivery_seconds', ', market')]],
      },
      {
        title: 'Sockets, and the slowest one’s lag',
        unit: 'short',
        queries: [
          ['{{market}} sockets', 'quantdesk_sockets'],
          ['{{market}} lag', 'quantdesk_fanout_lag_messages'],
          ['{{answer}}', 'sum by (answer) (increase(quantdesk_slow_sockets_total[$__rate_interval]))'],
        ],
      },
    ],
  },
  {
    title: 'Risk',
    panels: [
      {
        title: 'Candidates that wait',
        unit: 'short',
        queries: [
          ['{{market}}', 'quantdesk_risk_queue_depth'],
          ['dead letters', 'increase(quantdesk_dead_letters_total[$__rate_interval])'],
        ],
      },
      {
        title: 'Longest wait, and time to the decision',
        unit: 's',
        queries: [
          ['{{market}} longest', 'quantdesk_risk_queue_age_seconds'],
          ['{{kind}} p99', p(0.99, 'quantdesk_risk_check_seconds', ', kind')],
        ],
      },
      {
        title: 'Liquidations and checks',
        unit: 'ops',
        queries: [
          ['{{market}} liquidations', perSecond('quantdesk_liquidations_total', 'market')],
          ['{{kind}} {{outcome}}', perSecond('quantdesk_risk_checks_total', 'kind, outcome')],
        ],
      },
      {
        title: 'Positions, resting orders, differences',
        unit: 'short',
        queries: [
          ['{{market}} positions', 'quantdesk_open_positions'],
          ['{{market}} resting', 'quantdesk_resting_orders'],
          ['{{market}} differences', 'quantdesk_reconcile_differences'],
          ['{{market}} late', 'quantdesk_reconcile_late_events'],
          ['{{market}} {{kind}}', 'quantdesk_risk_conditions'],
        ],
      },
    ],
  },
  {
    title: 'Chain and database',
    panels: [
      {
        title: 'Indexer',
        unit: 'short',
        queries: [
          ['lag, s', 'quantdesk_indexer_lag_seconds'],
          ['holes', 'quantdesk_indexer_holes'],
          ['database backlog', 'quantdesk_database_backlog_events'],
          ['events', 'rate(quantdesk_indexer_events_total[$__rate_interval])'],
          ['forks', 'increase(quantdesk_indexer_forks_total[$__rate_interval])'],
          ['read failures', 'increase(quantdesk_indexer_read_failures_total[$__rate_interval])'],
          ['projection failures', 'increase(quantdesk_projection_failures_total[$__rate_interval])'],
        ],
      },
      {
        title: 'Calls of the Solana node',
        unit: 'ops',
        queries: [
          ['{{method}} {{outcome}}', perSecond('quantdesk_chain_calls_total', 'method, outcome')],
          ['p99, s', p(0.99, 'quantdesk_chain_call_seconds')],
        ],
      },
      {
        title: 'Chain errors',
        unit: 'ops',
        queries: [['{{code}}', perSecond('quantdesk_chain_errors_total', 'code')]],
      },
      {
        title: 'Breakers (0 closed, 2 open)',
        unit: 'short',
        queries: [
          ['{{part}}', 'quantdesk_breaker_state'],
          ['{{part}} opened', 'sum by (part) (increase(quantdesk_breaker_openings_total[$__rate_interval]))'],
        ],
      },
    ],
  },
  {
    title: 'Assistant and upkeep',
    panels: [
      {
        title: 'Cost of language models, per day',
        unit: 'currencyUSD',
        queries: [
          [
            '{{provider}} {{task}}',
            'sum by (provider, task) (increase(quantdesk_model_cost_microusd_total[1d])) / 1e6',
          ],
        ],
      },
      {
        title: 'Calls and tokens of language models',
        unit: 'ops',
        queries: [
          ['{{task}} {{outcome}}', perSecond('quantdesk_model_calls_total', 'task, outcome')],
          ['{{direction}} tokens', perSecond('quantdesk_model_tokens_total', 'direction')],
        ],
      },
      {
        title: 'Steps of the sweep that failed',
        unit: 'short',
        queries: [
          ['{{step}}', 'sum by (step) (increase(quantdesk_sweep_steps_total{outcome="failed"}[$__rate_interval]))'],
        ],
      },
      {
        title: 'Figures that are missing',
        unit: 'short',
        queries: [
          ['{{part}} did not answer', 'sum by (part) (increase(quantdesk_gauge_failures_total[$__rate_interval]))'],
          ['lost', 'increase(quantdesk_metrics_lost_total[$__rate_interval])'],
        ],
      },
    ],
  },
];

const width = 6;
const height = 8;
const datasource = { type: 'prometheus', uid: '${datasource}' };

/** As Grafana imports it (Dashboards → New → Import). */
export function dashboard() {
  let y = 0;
  let id = 0;
  const panels = rows.flatMap(({ title, panels: inRow }) => {
    const header = {
      id: ++id,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: 24, x: 0, y: y++ },
      panels: [],
    };
    const drawn = inRow.map((panel, column) => panelOf(panel, ++id, { h: height, w: width, x: column * width, y }));
    y += height;
    return [header, ...drawn];
  });
  return {
    title: 'QuantDesk',
    uid: 'quantdesk',
    schemaVersion: 39,
    tags: ['quantdesk'],
    timezone: 'utc',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }] },
    panels,
  };
}

const panelOf = ({ title, unit, queries }: Panel, id: number, gridPos: object) => ({
  id,
  type: 'timeseries',
  title,
  datasource,
  gridPos,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  targets: queries.map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource,
    expr,
    legendFormat,
  })),
});
