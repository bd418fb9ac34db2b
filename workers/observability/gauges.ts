import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import type { MarketRpc } from '../market/contract.ts';
import type { BreakerState } from '../platform/breaker.ts';
import { gauge, metrics, type Sample } from '../platform/metrics/registry.ts';
import { withTimeout } from '../platform/retry.ts';

export interface GaugeParts {
  readonly market: (symbol: MarketSymbol) => Pick<MarketRpc, 'health'>;
  readonly indexer: () => Pick<IndexerRpc, 'status'>;
  /** Of what is asked from here, as far as it is known. */
  readonly breakers: { readonly solana: BreakerState; readonly database?: BreakerState };
}

/** Each part gets this long to answer; one that does not has no gauges this time. */
const answerTimeoutMs = 2_000;
/** Of the chain, for a lag told in slots. */
const slotSeconds = 0.4;
const stateNumber: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };

/**
 * What only has a value now, asked of the parts that all markets and wallets share: each market and the indexer, at the same time. Accounts
 * are never asked one by one; what they do is counted where they do it. Never throws.
 */
export async function readGauges({ market, indexer, breakers }: GaugeParts): Promise<Sample[]> {
  const [markets, indexed] = await Promise.all([
    Promise.all(MARKET_SYMBOLS.map((symbol) => answerOf('market', () => marketGauges(market(symbol), symbol)))),
    answerOf('indexer', () => indexerGauges(indexer())),
  ]);
  const states = markets.map((answer) => answer?.hermes ?? 0);
  return [
    ...markets.flatMap((answer) => answer?.samples ?? []),
    ...(indexed ?? []),
    gauge('quantdesk_breaker_state', { part: 'solana' }, stateNumber[breakers.solana]),
    ...(breakers.database === undefined
      ? []
      : [gauge('quantdesk_breaker_state', { part: 'database' }, stateNumber[breakers.database])]),
    gauge('quantdesk_breaker_state', { part: 'hermes' }, Math.max(...states)),
  ];
}

async function answerOf<T>(part: 'market' | 'indexer', ask: () => Promise<T>): Promise<T | null> {
  try {
    return await withTimeout(ask, answerTimeoutMs);
  } catch {
    metrics.count('quantdesk_gauge_failures_total', { part });
    return null;
  }
}

async function marketGauges(object: Pick<MarketRpc, 'health'>, symbol: MarketSymbol) {
  const health = await object.health();
  const labels = { market: symbol };
  const { priceAgeMs, oldestCandidateMs, index } = health;
  const samples = [
    ...(priceAgeMs === null ? [] : [gauge('quantdesk_price_age_seconds', labels, priceAgeMs / 1_000)]),
    gauge('quantdesk_fanout_lag_messages', labels, health.fanoutLag),
    gauge('quantdesk_sockets', labels, health.subscribers),
    gauge('quantdesk_resting_orders', labels, health.restingOrders),
    gauge('quantdesk_open_positions', labels, health.openPositions),
    gauge('quantdesk_risk_queue_depth', labels, health.candidatesInFlight),
    gauge('quantdesk_risk_queue_age_seconds', labels, (oldestCandidateMs ?? 0) / 1_000),
    ...health.risks.map((kind) => gauge('quantdesk_risk_conditions', { ...labels, kind }, 1)),
    gauge('quantdesk_reconcile_differences', labels, index.difference),
    gauge('quantdesk_reconcile_late_events', labels, index.lateBy),
  ];
  return { samples, hermes: stateNumber[health.hermes] };
}

async function indexerGauges(object: Pick<IndexerRpc, 'status'>): Promise<Sample[]> {
  const { lagSlots, holes, databaseBacklog } = await object.status();
  return [
    gauge('quantdesk_indexer_lag_seconds', {}, lagSlots * slotSeconds),
    gauge('quantdesk_indexer_holes', {}, holes.length),
    gauge('quantdesk_database_backlog_events', {}, databaseBacklog),
  ];
}
