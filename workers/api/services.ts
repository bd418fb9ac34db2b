import { createDatabase } from '#db/client.ts';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createLiquidationRepository } from '#db/repositories/liquidations.ts';
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createReceiptRepository } from '#db/repositories/receipts.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { chainOf } from '../chain/chain.ts';
import { type Env, readSettings } from '../env.ts';
import { systemClock } from '../platform/clock.ts';
import type { Services } from './context.ts';
import { MarketViews } from './market-views.ts';
import { PoolReader } from './pool-reader.ts';

const servicesByEnv = new WeakMap<Env, Services>();

/** The services of an `env`: built with the first request of an isolate. @throws SettingsError */
export function servicesOf(env: Env): Services {
  const known = servicesByEnv.get(env);
  if (known !== undefined) return known;
  const services = buildServices(env);
  servicesByEnv.set(env, services);
  return services;
}

function buildServices(env: Env): Services {
  const settings = readSettings(env);
  const clock = systemClock;
  const chain = chainOf(settings);
  const database = createDatabase({
    databaseUrl: settings.DATABASE_URL,
    httpEndpoint: settings.DATABASE_HTTP_ENDPOINT,
  });
  return {
    settings,
    clock,
    chain,
    pool: new PoolReader(chain, clock),
    account: (wallet) => env.ACCOUNTS.getByName(wallet),
    indexer: () => env.INDEXER.getByName('main'),
    markets: new MarketViews((symbol) => env.MARKETS.getByName(symbol), clock),
    database,
    repositories: {
      users: createUserRepository(database),
      fills: createFillRepository(database),
      liquidations: createLiquidationRepository(database),
      positions: createPositionRepository(database),
      receipts: createReceiptRepository(database),
      riskAlerts: createRiskAlertRepository(database),
    },
  };
}
