import type { ReadyDto } from '#shared/protocol/health.ts';

import { texts } from '../i18n/pages.ts';

export type StatusTone = 'up' | 'warn' | 'down' | 'neutral';

/** One part of the exchange in words: how it is, and what that means for who trades. */
export interface StatusPart {
  readonly id: string;
  readonly name: string;
  readonly tone: StatusTone;
  /** One word. */
  readonly state: string;
  /** What it means for orders, positions and figures. */
  readonly meaning: string;
  /** Measured figures, each with its name. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

type Check = ReadyDto['database'];
type MarketCheck = ReadyDto['markets'][number];
type Breaker = Check['breaker'];

const t = texts.status;

/** Milliseconds as a trader reads them: 340 ms, 2.4 s, 3 min, 2 h. */
export function formatAge(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.floor(ms / 60_000)} min`;
  return `${Math.floor(ms / 3_600_000)} h`;
}

const breakerFact = (breaker: Breaker | null) =>
  breaker === null ? [] : [{ label: t.breaker, value: t.breakers[breaker] }];

const ageFact = (label: string, ms: number | null) => (ms === null ? [] : [{ label, value: formatAge(ms) }]);

function partOf(id: 'database' | 'chain', check: Check): StatusPart {
  const held = check.breaker !== 'closed';
  const tone = !check.ok ? 'down' : held ? 'warn' : 'up';
  return {
    id,
    name: t.parts[id],
    tone,
    state: !check.ok ? t.states.down : held ? t.states.recovering : t.states.ok,
    meaning: t.meanings[id][check.ok ? 'ok' : 'down'],
    facts: [...ageFact(t.answered, check.latency_ms), ...breakerFact(check.breaker)],
  };
}

function marketPart(market: MarketCheck): StatusPart {
  const { price_state: price } = market;
  const shape = {
    id: `market-${market.symbol}`,
    name: market.symbol,
    facts: [
      ...ageFact(t.priceAge, market.price_age_ms),
      ...(market.feed === null ? [] : [{ label: t.feed, value: t.feeds[market.feed] }]),
      ...breakerFact(market.breaker),
      ...ageFact(t.waitsForCheck, market.oldest_candidate_ms),
    ],
  };
  if (price === null) return { ...shape, tone: 'down', state: t.states.down, meaning: t.meanings.market.unknown };
  if (price !== 'ok')
    return {
      ...shape,
      tone: price === 'halted' ? 'down' : 'warn',
      state: t.prices[price],
      meaning: t.meanings.market[price],
    };
  if (!market.ok) return { ...shape, tone: 'warn', state: t.states.degraded, meaning: t.meanings.market.degraded };
  return { ...shape, tone: 'up', state: t.states.ok, meaning: t.meanings.market.ok };
}

function indexerPart(indexer: ReadyDto['indexer']): StatusPart {
  const known = indexer.lag_slots !== null;
  const holes = indexer.holes.length > 0;
  return {
    id: 'indexer',
    name: t.parts.indexer,
    tone: indexer.ok ? 'up' : known ? 'warn' : 'down',
    state: indexer.ok ? t.states.ok : known ? t.states.behind : t.states.down,
    meaning: t.meanings.indexer[indexer.ok ? 'ok' : holes ? 'holes' : known ? 'late' : 'down'],
    facts: [
      ...(known ? [{ label: t.lag, value: t.slots(indexer.lag_slots ?? 0) }] : []),
      ...(holes ? [{ label: t.holes, value: String(indexer.holes.length) }] : []),
      ...(indexer.database_backlog === null ? [] : [{ label: t.backlog, value: String(indexer.database_backlog) }]),
    ],
  };
}

/** Every part of the exchange, markets first: that is what orders depend on. */
export function statusParts(ready: ReadyDto): { readonly markets: StatusPart[]; readonly services: StatusPart[] } {
  return {
    markets: ready.markets.map(marketPart),
    services: [partOf('chain', ready.chain), partOf('database', ready.database), indexerPart(ready.indexer)],
  };
}

/** The whole in one sentence. Undefined body: nothing was ever heard. */
export function statusSummary(ready: ReadyDto | undefined, reachable: boolean): { tone: StatusTone; text: string } {
  if (!reachable) return { tone: 'down', text: t.summary.unreachable };
  if (ready === undefined) return { tone: 'neutral', text: t.summary.asking };
  if (ready.ready) return { tone: 'up', text: t.summary.ok };
  const { markets, services } = statusParts(ready);
  const names = [...markets, ...services]
    .filter(({ tone }) => tone === 'down' || tone === 'warn')
    .map(({ name }) => name);
  return { tone: 'warn', text: t.summary.degraded(names.join(', ')) };
}
