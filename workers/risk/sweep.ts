import { createDatabase, type Database } from '#db/client.ts';
import { createAdminActionRepository } from '#db/repositories/admin-actions.ts';
import { createAnalysisRepository } from '#db/repositories/analyses.ts';
import { createMarketDataRepository } from '#db/repositories/market-data.ts';
import { createOrderRepository } from '#db/repositories/orders.ts';
import { createPersonalRecordRepository } from '#db/repositories/personal-records.ts';
import { createPoolRepository } from '#db/repositories/pool.ts';
import { createPortfolioRepository } from '#db/repositories/portfolio.ts';
import { createRiskEventRepository } from '#db/repositories/risk-events.ts';
import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { scoreDue } from '../analyst/score-due.ts';
import { PoolReader } from '../chain/pool-reader.ts';
import { type Chain, chainOf } from '../chain/chain.ts';
import { type Env, readSettings } from '../env.ts';
import { readGauges } from '../observability/gauges.ts';
import { sinksOf } from '../observability/sinks.ts';
import { failpoint } from '../platform/failpoint.ts';
import { systemClock } from '../platform/clock.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { dataPointOf, handOver } from '../platform/metrics/hand-over.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { PersonalData } from '../platform/personal-data.ts';
import { withTimeout } from '../platform/retry.ts';
import { notePool } from './pool-snapshots.ts';
import { settleDriftedMarkets } from './settle-markets.ts';
import { takeSnapshots, thinOutSnapshots } from './snapshots.ts';
import { keepUp } from './upkeep.ts';
import { watchIndexer } from './watch.ts';
import { serveWithdrawals } from './withdrawals.ts';

const LEASE = 'sweep';
const SNAPSHOTS = 'snapshots';
/** Longer than a sweep takes, shorter than two runs of the clock. */
const leaseMs = 50_000;
const stepTimeoutMs = 10_000;
/** A market that does not answer by then counts as one without a price. */
const snapshotTimeoutMs = 1_000;
/** Steps that send several transactions: they begin none after 8 s, and wait for the last one. */
const sendingTimeoutMs = 20_000;
/** Orders younger than this are still in their own object's hands. */
const unfinishedAfterMs = 2 * 60_000;
/** Wallets visited per sweep; the next one goes on behind them. */
const walletsPerSweepMax = 50;
/** Addresses sealed again per sweep, one transaction each. */
const sealedPerSweepMax = 50;

/**
 * Finds what ticks, events and messages missed: visits every market, the indexer, and wallets with unfinished orders, in bounded slices
 * with a stored cursor, settles markets whose money has drifted and positions with much funding, pays what is owed and who waits, notes portfolios and the pool, and deletes
 * prices past their 30 days. A lease with a fencing token keeps two sweeps apart; nothing here repeats an effect that happened.
 */
export async function sweep(env: Env, scheduledTimeMs: number): Promise<void> {
  const logger = createLogger({ fields: { part: 'sweep', scheduled: scheduledTimeMs } });
  const chain = chainOf(readSettings(env));
  const duties = env.ACCOUNTS.getByName(chain.keeper.toBase58());
  const lease = await duties.takeLease(LEASE, leaseMs);
  if (lease === null) return logger.info('another sweep is running');
  try {
    await failpoint('sweep.leased', 'sweep');
    await Promise.all([
      ...MARKET_SYMBOLS.map((symbol) => step(logger, `market ${symbol}`, () => env.MARKETS.getByName(symbol).sweep())),
      ...MARKET_SYMBOLS.map((symbol) =>
        step(logger, `index ${symbol}`, () => env.MARKETS.getByName(symbol).repairIndex(), sendingTimeoutMs),
      ),
      step(logger, 'watch', () =>
        watchIndexer(
          env.INDEXER.getByName('main'),
          createRiskEventRepository(databaseOf(env)),
          systemClock.nowMs(),
          logger,
        ),
      ),
      step(logger, 'indexer', () => env.INDEXER.getByName('main').sweep()),
      step(logger, 'settlement', () => settleDriftedMarkets(chain)),
      step(logger, 'withdrawals', () => serveWithdrawals(chain, env.INDEXER.getByName('main')), sendingTimeoutMs),
      step(logger, 'upkeep', () => keepUp(chain, (symbol) => env.MARKETS.getByName(symbol)), sendingTimeoutMs),
      step(logger, 'snapshots', () => sweepSnapshots(env, scheduledTimeMs)),
      step(logger, 'pool', () => sweepPool(env, scheduledTimeMs)),
      step(logger, 'analyses', () => scoreDue(createAnalysisRepository(databaseOf(env)), systemClock.nowMs())),
      step(logger, 'personal data', () => sealPersonalData(env)),
      step(logger, 'old audit entries', () => createAdminActionRepository(databaseOf(env)).prune()),
      step(logger, 'gauges', () => noteGauges(env, chain)),
      step(logger, 'old prices', () => createMarketDataRepository(databaseOf(env)).prune(scheduledTimeMs)),
    ]);
    await failpoint('sweep.visited', 'sweep');
    const cursor = await step(logger, 'orders', () => sweepOrders(env, lease.cursor, scheduledTimeMs));
    await failpoint('sweep.ordered', 'sweep');
    if (cursor !== null && !(await duties.saveCursor(LEASE, lease.token, cursor.next)))
      logger.warn('the lease was lost');
  } finally {
    await duties.endLease(LEASE, lease.token);
    await handOver.run(() => sinksOf(env), systemClock.nowMs());
  }
}

/** Writes what only has a value now into the Analytics Engine, where it is bound; a scraper asks for it itself. */
async function noteGauges(env: Env, chain: Chain): Promise<{ readonly gauges: number } | null> {
  const { METRICS: dataset } = env;
  if (dataset === undefined) return null;
  const gauges = await readGauges({
    market: (symbol) => env.MARKETS.getByName(symbol),
    indexer: () => env.INDEXER.getByName('main'),
    breakers: { solana: chain.rpc.health },
  });
  for (const sample of gauges) dataset.writeDataPoint(dataPointOf(sample));
  return { gauges: gauges.length };
}

function databaseOf(env: Env): Database {
  const settings = readSettings(env);
  return createDatabase({ databaseUrl: settings.DATABASE_URL, httpEndpoint: settings.DATABASE_HTTP_ENDPOINT });
}

/** Seals addresses that an older version wrote, or that lie under a key that is to go. */
async function sealPersonalData(env: Env): Promise<Readonly<Record<string, number>>> {
  const personalData = new PersonalData(readSettings(env).PERSONAL_DATA_KEYS);
  return { sealed: await createPersonalRecordRepository(databaseOf(env), personalData).reseal(sealedPerSweepMax) };
}

/** Goes on with the round of portfolio snapshots, under a lease that keeps its cursor. */
async function sweepSnapshots(env: Env, nowMs: number): Promise<Readonly<Record<string, number>> | null> {
  const chain = chainOf(readSettings(env));
  const portfolio = createPortfolioRepository(databaseOf(env));
  const duties = env.ACCOUNTS.getByName(chain.keeper.toBase58());
  const lease = await duties.takeLease(SNAPSHOTS, leaseMs);
  if (lease === null) return null;
  try {
    const snapshotOf = (symbol: MarketSymbol) =>
      withTimeout(() => env.MARKETS.getByName(symbol).snapshot(), snapshotTimeoutMs).catch(() => null);
    const { next, visited, recorded } = await takeSnapshots(
      { chain, portfolio, snapshotOf, clock: systemClock },
      lease.cursor,
    );
    await duties.saveCursor(SNAPSHOTS, lease.token, next);
    return { visited, recorded, thinned: await thinOutSnapshots(portfolio, nowMs) };
  } finally {
    await duties.endLease(SNAPSHOTS, lease.token);
  }
}

/** Notes what a share of the pool is worth, and thins out what was noted long ago. */
async function sweepPool(env: Env, nowMs: number): Promise<Readonly<Record<string, number>>> {
  const chain = chainOf(readSettings(env));
  const snapshotOf = (symbol: MarketSymbol) =>
    withTimeout(() => env.MARKETS.getByName(symbol).snapshot(), snapshotTimeoutMs);
  const pool = createPoolRepository(databaseOf(env));
  const recorded = await notePool({
    readPool: () => new PoolReader(chain, systemClock).read(),
    readMarkets: () => Promise.all(MARKET_SYMBOLS.map(snapshotOf)),
    pool,
    nowMs,
  });
  return { recorded, thinned: await thinOutSnapshots(pool, nowMs) };
}

/** Visits the next slice of wallets whose orders take suspiciously long. */
async function sweepOrders(
  env: Env,
  after: string | null,
  nowMs: number,
): Promise<{ next: string | null; visited: number }> {
  const slice = await createOrderRepository(databaseOf(env)).walletsWithUnfinished(
    nowMs - unfinishedAfterMs,
    after,
    walletsPerSweepMax,
  );
  const visits = slice.wallets.map((wallet) => env.ACCOUNTS.getByName(wallet).sweep());
  await Promise.allSettled(visits);
  return { next: slice.next, visited: slice.wallets.length };
}

/** One visit under its own time limit: a part that is down must not keep the others from being visited. */
async function step<T>(
  logger: Logger,
  name: string,
  visit: () => Promise<T>,
  timeoutMs = stepTimeoutMs,
): Promise<T | null> {
  try {
    const figures = await withTimeout(visit, timeoutMs);
    logger.info('visited', { step: name, figures });
    metrics.count('quantdesk_sweep_steps_total', { step: name, outcome: 'done' });
    return figures;
  } catch (error) {
    logger.error('visit failed', { step: name, error });
    metrics.count('quantdesk_sweep_steps_total', { step: name, outcome: 'failed' });
    return null;
  }
}
