import { MARKET_SYMBOLS } from '#shared/markets.ts';

/**
 * A label's values: a list, or a bound of how many there may be. What is not in the list, comes after the bound is reached, or could name a
 * person (see `registry.ts`) is counted as `other`.
 */
export type LabelSpec = readonly string[] | { readonly valuesMax: number };

export interface MetricSpec {
  /** `counter` and `histogram` only grow, from zero whenever their keeper starts anew; a `gauge` is read when it is asked for. */
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly labels: Readonly<Record<string, LabelSpec>>;
  /** Of a histogram: upper bounds, in its unit, ascending; the one without a bound comes by itself. */
  readonly buckets?: readonly number[];
  readonly help: string;
}

const define = <const T extends Record<string, MetricSpec>>(metrics: T): T => metrics;

const market = MARKET_SYMBOLS;
const stage = ['accepted', 'resting', 'triggered', 'submitted', 'filled', 'rejected', 'cancelled', 'expired'] as const;
const part = ['solana', 'hermes', 'database', 'model'] as const;
const riskKind = ['liquidation', 'capped', 'warning', 'close_request'] as const;
/** Seconds of what a trader waits for. */
const waitBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60];

/**
 * Everything the exchange measures: the only list. `docs/observability.md`, the alerts and the dashboard are compared with it, and every
 * entry must be written by the worker. No label carries a wallet, an address or anything else of a person, and each has a bound.
 */
export const METRICS = define({
  quantdesk_http_requests_total: {
    type: 'counter',
    unit: 'requests',
    labels: {
      operation: { valuesMax: 120 },
      status: ['1xx', '2xx', '3xx', '4xx', '5xx'],
    },
    help: 'Requests answered, by operation (method and path as documented) and class of status',
  },
  quantdesk_http_request_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { rate: ['trading', 'data', 'sign-in', 'none'] },
    buckets: waitBuckets,
    help: 'Time to the answer, by the limit that counts the request; trading waits for an execution up to 3 s',
  },
  quantdesk_refusals_total: {
    type: 'counter',
    unit: 'requests',
    labels: { code: { valuesMax: 150 } },
    help: 'Requests that ended with an error, by its code',
  },
  quantdesk_orders_total: {
    type: 'counter',
    unit: 'orders',
    labels: { market, stage },
    help: 'Orders and changes of margin that reached a stage',
  },
  quantdesk_order_failures_total: {
    type: 'counter',
    unit: 'orders',
    labels: { code: { valuesMax: 150 } },
    help: 'Orders that ended without an execution and with an error, by its code; CHAIN_, ORACLE_ and SYSTEM_ are the exchange’s own',
  },
  quantdesk_order_stage_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { stage: ['submitted', 'filled', 'rejected'] },
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 20, 30],
    help: 'Time from the acceptance of a market order to its first submission and to its end',
  },
  quantdesk_order_attempts_total: {
    type: 'counter',
    unit: 'transactions',
    labels: { outcome: ['sent', 'landed', 'failed', 'expired'] },
    help: 'Transactions of orders: sent, and what became of them',
  },
  quantdesk_ticks_total: {
    type: 'counter',
    unit: 'prices',
    labels: { market, outcome: ['accepted', 'out_of_order', 'refused'] },
    help: 'Prices received from the feed',
  },
  quantdesk_price_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { market },
    help: 'Time since the newest price arrived; absent before the first one',
  },
  quantdesk_price_delivery_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { market },
    buckets: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 5, 10],
    help: 'From the publish time of a price (a whole second) to its hand-over to the sockets',
  },
  quantdesk_fanout_lag_messages: {
    type: 'gauge',
    unit: 'messages',
    labels: { market },
    help: 'Updates that the slowest subscriber of a market has not acknowledged',
  },
  quantdesk_slow_sockets_total: {
    type: 'counter',
    unit: 'sockets',
    labels: { answer: ['reset', 'closed'] },
    help: 'Subscribers that fell too far behind, and what was done',
  },
  quantdesk_sockets: {
    type: 'gauge',
    unit: 'sockets',
    labels: { market },
    help: 'Open sockets of a market',
  },
  quantdesk_resting_orders: {
    type: 'gauge',
    unit: 'orders',
    labels: { market },
    help: 'Orders in the trigger book',
  },
  quantdesk_open_positions: {
    type: 'gauge',
    unit: 'positions',
    labels: { market },
    help: 'Positions in the liquidation index',
  },
  quantdesk_risk_queue_depth: {
    type: 'gauge',
    unit: 'candidates',
    labels: { market },
    help: 'Candidates handed to the risk queue and not decided',
  },
  quantdesk_risk_queue_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { market },
    help: 'How long the candidate that waits longest has been one; 0 where none waits',
  },
  quantdesk_risk_checks_total: {
    type: 'counter',
    unit: 'messages',
    labels: { kind: riskKind, outcome: ['done', 'over', 'warned', 'unpaid', 'retried'] },
    help: 'Deliveries of the risk queue, by what came of them',
  },
  quantdesk_risk_check_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { kind: riskKind },
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300],
    help: 'From the queueing of a candidate to its decision',
  },
  quantdesk_risk_conditions: {
    type: 'gauge',
    unit: 'state',
    labels: { market, kind: { valuesMax: 20 } },
    help: '1 for each condition of a market that operators were told of and that lasts: switches, the brake, a stuck feed',
  },
  quantdesk_dead_letters_total: {
    type: 'counter',
    unit: 'messages',
    labels: {},
    help: 'Messages that failed every attempt',
  },
  quantdesk_liquidations_total: {
    type: 'counter',
    unit: 'liquidations',
    labels: { market },
    help: 'Liquidations the chain reported, whoever made them',
  },
  quantdesk_indexer_lag_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: {},
    help: 'Since the indexer last had everything the chain listed',
  },
  quantdesk_indexer_holes: {
    type: 'gauge',
    unit: 'streams',
    labels: {},
    help: 'Streams that wait for a missing event; at most 20 are counted',
  },
  quantdesk_indexer_events_total: {
    type: 'counter',
    unit: 'events',
    labels: {},
    help: 'Events read from the chain',
  },
  quantdesk_indexer_forks_total: {
    type: 'counter',
    unit: 'forks',
    labels: {},
    help: 'Forks of the chain that were taken back',
  },
  quantdesk_indexer_read_failures_total: {
    type: 'counter',
    unit: 'runs',
    labels: {},
    help: 'Runs of the indexer that could not read the chain',
  },
  quantdesk_database_backlog_events: {
    type: 'gauge',
    unit: 'events',
    labels: {},
    help: 'Events the database still has to receive',
  },
  quantdesk_projection_failures_total: {
    type: 'counter',
    unit: 'batches',
    labels: {},
    help: 'Batches of events the database did not take',
  },
  quantdesk_reconcile_differences: {
    type: 'gauge',
    unit: 'positions',
    labels: { market },
    help: 'Positions of the liquidation index that were not the chain’s in the last pass; they are set right',
  },
  quantdesk_reconcile_late_events: {
    type: 'gauge',
    unit: 'events',
    labels: { market },
    help: 'Events by which the liquidation index was behind the chain at the last look',
  },
  quantdesk_breaker_state: {
    type: 'gauge',
    unit: 'state',
    labels: { part: ['solana', 'hermes', 'database'] },
    help: '0 closed, 1 half open, 2 open; of Hermes the worst market’s, of the others where the question was answered',
  },
  quantdesk_breaker_openings_total: {
    type: 'counter',
    unit: 'openings',
    labels: { part },
    help: 'Times a breaker opened',
  },
  quantdesk_chain_calls_total: {
    type: 'counter',
    unit: 'calls',
    labels: { method: { valuesMax: 40 }, outcome: ['ok', 'refused', 'unavailable'] },
    help: 'Calls of the Solana node, their retries together',
  },
  quantdesk_chain_call_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: {},
    buckets: waitBuckets,
    help: 'Duration of calls of the Solana node, their retries together',
  },
  quantdesk_chain_errors_total: {
    type: 'counter',
    unit: 'errors',
    labels: { code: { valuesMax: 120 } },
    help: 'Errors of the chain: the node’s by number (rpc_…), the program’s by name, everything else as transaction',
  },
  quantdesk_model_calls_total: {
    type: 'counter',
    unit: 'calls',
    labels: {
      provider: ['openai', 'anthropic'],
      task: ['chat', 'analysis', 'signal'],
      outcome: ['answered', 'failed'],
    },
    help: 'Calls of language models',
  },
  quantdesk_model_cost_microusd_total: {
    type: 'counter',
    unit: '1e-6 USD',
    labels: { provider: ['openai', 'anthropic'], task: ['chat', 'analysis', 'signal'] },
    help: 'What language models cost, failed calls included',
  },
  quantdesk_model_tokens_total: {
    type: 'counter',
    unit: 'tokens',
    labels: { provider: ['openai', 'anthropic'], direction: ['input', 'output'] },
    help: 'Tokens of language models',
  },
  quantdesk_sweep_steps_total: {
    type: 'counter',
    unit: 'steps',
    labels: { step: { valuesMax: 40 }, outcome: ['done', 'failed'] },
    help: 'Steps of the sweep, once a minute each',
  },
  quantdesk_gauge_failures_total: {
    type: 'counter',
    unit: 'reads',
    labels: { part: ['market', 'indexer'] },
    help: 'Parts that did not answer when their gauges were read',
  },
  quantdesk_metrics_lost_total: {
    type: 'counter',
    unit: 'series',
    labels: {},
    help: 'Counts that could not be handed over',
  },
});

export type MetricName = keyof typeof METRICS;
export type NameOf<Type extends MetricSpec['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];
/** A value for each label of a metric. Text that is not one of its list is taken, and counted as `other`. */
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in keyof (typeof METRICS)[Name]['labels']]: string;
};

export const specOf = (name: MetricName): MetricSpec => METRICS[name];
