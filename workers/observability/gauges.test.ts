import { describe, expect, it } from 'vitest';
import type { MarketSymbol } from '#shared/markets.ts';
import type { MarketPartHealth } from '../market/contract.ts';
import { metrics, type Sample } from '../platform/metrics/registry.ts';
import { readGauges } from './gauges.ts';

const health = (symbol: MarketSymbol): MarketPartHealth => ({
  symbol,
  priceAgeMs: symbol === 'ETH-PERP' ? null : 1_500,
  feed: 'live',
  restingOrders: 3,
  openPositions: 7,
  candidatesInFlight: 2,
  oldestCandidateMs: symbol === 'SOL-PERP' ? 4_000 : null,
  index: { difference: 1, lateBy: 5, passes: 9, passedAtMs: 0 },
  risks: symbol === 'SOL-PERP' ? ['price_move'] : [],
  subscribers: 11,
  nextMarketSeq: 1n,
  hermes: symbol === 'SOL-PERP' ? 'half_open' : 'closed',
  fanoutLag: 13,
});
const indexer = () => ({
  status: () =>
    Promise.resolve({ lastSignature: null, lagSlots: 50, holes: ['account:a'], databaseBacklog: 6, lastError: null }),
});
const text = (samples: readonly Sample[]): string[] =>
  samples.map(({ name, labels, value }) => `${[name, ...labels].join(' ')} ${value}`);

describe('the gauges', () => {
  it('are those of every market and of the indexer, in the units of the catalogue', async () => {
    const samples = text(
      await readGauges({
        market: (symbol) => ({ health: () => Promise.resolve(health(symbol)) }),
        indexer,
        breakers: { solana: 'open', database: 'closed' },
      }),
    );
    expect(samples).toEqual(
      expect.arrayContaining([
        'quantdesk_price_age_seconds SOL-PERP 1.5',
        'quantdesk_risk_queue_age_seconds SOL-PERP 4',
        'quantdesk_risk_queue_age_seconds BTC-PERP 0',
        'quantdesk_risk_conditions SOL-PERP price_move 1',
        'quantdesk_fanout_lag_messages BTC-PERP 13',
        'quantdesk_reconcile_late_events ETH-PERP 5',
        'quantdesk_indexer_lag_seconds 20',
        'quantdesk_indexer_holes 1',
        'quantdesk_breaker_state solana 2',
        'quantdesk_breaker_state hermes 1',
      ]),
    );
    // A market that was never priced has no age, rather than a wrong one.
    expect(samples.filter((line) => line.startsWith('quantdesk_price_age_seconds ETH-PERP'))).toEqual([]);
  });

  it('of a part that does not answer are missing and counted; the others are there', async () => {
    metrics.take();
    const samples = text(
      await readGauges({
        market: (symbol) => ({
          health: () => (symbol === 'BTC-PERP' ? Promise.reject(new Error('away')) : Promise.resolve(health(symbol))),
        }),
        indexer: () => ({ status: () => Promise.reject(new Error('away')) }),
        breakers: { solana: 'closed' },
      }),
    );
    expect(samples).toContain('quantdesk_sockets ETH-PERP 11');
    expect(samples.filter((line) => /BTC-PERP|indexer|database/.test(line))).toEqual([]);
    expect(text(metrics.take())).toEqual([
      'quantdesk_gauge_failures_total market 1',
      'quantdesk_gauge_failures_total indexer 1',
    ]);
  });
});
