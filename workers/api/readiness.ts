import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { ReadyDto } from '#shared/protocol/health.ts';
import { modelName } from '../analyst/contract.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { BreakerState } from '../platform/breaker.ts';
import { TimeoutError, withTimeout } from '../platform/retry.ts';
import type { Services } from './context.ts';

/** Each part gets this long to answer. */
const checkTimeoutMs = 2_000;
/** Slots behind the chain's head from which the indexer counts as late: about 20 s. */
const indexerLagSlotsMax = 50;

/** Of what operators are told of a market, that which keeps it from doing its work; what else they are told is its work. */
const unwellRisks: Readonly<Record<string, string>> = {
  feed_stuck: 'the price stream is stuck',
  index_late: 'the liquidation index is behind the chain',
  risk_queue_slow: 'the risk queue is slow',
};

/** Asks every part that trading needs, at the same time. Never throws. */
export async function checkReadiness(services: Services): Promise<ReadyDto> {
  const [database, chain, markets, indexer] = await Promise.all([
    checkPart(services.database, () => services.database.ping()),
    checkPart(services.chain.rpc, () => services.chain.rpc.within(checkTimeoutMs).getSlot()),
    Promise.all(MARKET_SYMBOLS.map((symbol) => checkMarket(services, symbol))),
    checkIndexer(services),
  ]);
  const ready = database.ok && chain.ok && indexer.ok && markets.every((market) => market.ok);
  // What the assistant's models do is told, and holds nothing up: it answers without them.
  const models = services.models.health().map(({ breaker, ...model }) => ({ model: modelName(model), breaker }));
  return { ready, version: services.settings.VERSION, database, chain, markets, indexer, models };
}

/** What may be told of a failed check: never the inner message, which can name hosts. */
const failureText = (error: unknown): string =>
  error instanceof TimeoutError ? 'no answer in time' : 'cannot be reached';

async function checkPart(
  part: { readonly health: BreakerState },
  ask: () => Promise<unknown>,
): Promise<ReadyDto['database']> {
  const startedAtMs = Date.now();
  try {
    await withTimeout(ask, checkTimeoutMs);
    return { ok: true, latency_ms: Date.now() - startedAtMs, breaker: part.health, message: null };
  } catch (error) {
    return { ok: false, latency_ms: null, breaker: part.health, message: failureText(error) };
  }
}

async function checkMarket(services: Services, symbol: MarketSymbol): Promise<ReadyDto['markets'][number]> {
  try {
    const [snapshot, health] = await withTimeout(
      () => Promise.all([services.markets.snapshot(symbol), services.markets.object(symbol).health()]),
      checkTimeoutMs,
    );
    const publishedAtMs = snapshot.price === null ? null : Number(snapshot.price.publishTime) * 1_000;
    const ageMs = publishedAtMs === null ? null : Math.max(0, services.clock.nowMs() - publishedAtMs);
    const isPriced = snapshot.market !== null && snapshot.price !== null && snapshot.priceState === 'ok';
    const unwell = health.risks.flatMap((risk) => unwellRisks[risk] ?? []);
    const message = isPriced ? (unwell[0] ?? null) : messageOf(snapshot);
    return {
      symbol,
      ok: message === null,
      price_state: snapshot.priceState,
      feed: health.feed,
      breaker: health.hermes,
      price_age_ms: ageMs,
      index_difference: health.index.difference,
      oldest_candidate_ms: health.oldestCandidateMs,
      risks: [...health.risks],
      message,
    };
  } catch (error) {
    const unknown = {
      ...{ price_state: null, feed: null, breaker: null, price_age_ms: null },
      ...{ index_difference: null, oldest_candidate_ms: null, risks: [] },
    };
    return { symbol, ok: false, ...unknown, message: failureText(error) };
  }
}

/** Why nothing can be opened in a market. */
function messageOf({ market, price, priceState }: MarketSnapshot): string {
  if (market === null) return 'not on chain';
  if (price === null || priceState === 'stale') return 'no current price';
  return priceState === 'halted' ? 'market is halted' : 'price is uncertain';
}

async function checkIndexer(services: Services): Promise<ReadyDto['indexer']> {
  try {
    const status = await withTimeout(() => services.indexer().status(), checkTimeoutMs);
    const isLate = status.lagSlots > indexerLagSlotsMax;
    const hasHoles = status.holes.length > 0;
    return {
      ok: !isLate && !hasHoles,
      lag_slots: status.lagSlots,
      holes: [...status.holes],
      database_backlog: status.databaseBacklog,
      message: hasHoles ? 'a stream waits for a missing event' : isLate ? 'behind the chain' : null,
    };
  } catch (error) {
    return { ok: false, lag_slots: null, holes: [], database_backlog: null, message: failureText(error) };
  }
}
