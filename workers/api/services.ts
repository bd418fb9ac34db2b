import { createDatabase } from '#db/client.ts';
import { createAdminActionRepository } from '#db/repositories/admin-actions.ts';
import { createAiRequestRepository } from '#db/repositories/ai-requests.ts';
import { createAiUsageRepository } from '#db/repositories/ai-usage.ts';
import { createAnalysisRepository } from '#db/repositories/analyses.ts';
import { createConversationRepository } from '#db/repositories/conversations.ts';
import { createDeadLetterRepository } from '#db/repositories/dead-letters.ts';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createLiquidationRepository } from '#db/repositories/liquidations.ts';
import { createPersonalRecordRepository } from '#db/repositories/personal-records.ts';
import { createPoolRepository } from '#db/repositories/pool.ts';
import { createPortfolioRepository } from '#db/repositories/portfolio.ts';
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createReceiptRepository } from '#db/repositories/receipts.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { createRiskEventRepository } from '#db/repositories/risk-events.ts';
import { createStatementRepository } from '#db/repositories/statement.ts';
import { createTrackRecordRepository } from '#db/repositories/track-record.ts';
import { createTransferRepository } from '#db/repositories/transfers.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { createModels } from '../analyst/router.ts';
import { chainOf } from '../chain/chain.ts';
import { type Env, readSettings } from '../env.ts';
import { systemClock } from '../platform/clock.ts';
import { createLogger } from '../platform/logger.ts';
import { PersonalData } from '../platform/personal-data.ts';
import type { Services } from './context.ts';
import { MarketViews } from './market-views.ts';
import { PoolReader } from '../chain/pool-reader.ts';
import { WaitingSockets } from './waiting-sockets.ts';

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
  const personalData = new PersonalData(settings.PERSONAL_DATA_KEYS);
  return {
    settings,
    clock,
    chain,
    pool: new PoolReader(chain, clock),
    waitingSockets: new WaitingSockets(clock),
    account: (wallet) => env.ACCOUNTS.getByName(wallet),
    indexer: () => env.INDEXER.getByName('main'),
    market: (symbol) => env.MARKETS.getByName(symbol),
    riskChecks: env.RISK_CHECKS,
    markets: new MarketViews((symbol) => env.MARKETS.getByName(symbol), clock),
    models: createModels({
      settings,
      clock,
      usage: createAiUsageRepository(database),
      logger: createLogger({ fields: { part: 'models' } }),
    }),
    database,
    repositories: {
      analyses: createAnalysisRepository(database),
      aiRequests: createAiRequestRepository(database),
      conversations: createConversationRepository(database),
      trackRecord: createTrackRecordRepository(database),
      adminActions: createAdminActionRepository(database),
      deadLetters: createDeadLetterRepository(database),
      riskEvents: createRiskEventRepository(database),
      users: createUserRepository(database, personalData),
      personalRecords: createPersonalRecordRepository(database, personalData),
      fills: createFillRepository(database),
      liquidations: createLiquidationRepository(database),
      pool: createPoolRepository(database),
      portfolio: createPortfolioRepository(database),
      positions: createPositionRepository(database),
      receipts: createReceiptRepository(database),
      riskAlerts: createRiskAlertRepository(database),
      statement: createStatementRepository(database),
      transfers: createTransferRepository(database),
    },
  };
}
