import type { Context } from 'hono';
import type { Database } from '#db/client.ts';
import type { FillRepository } from '#db/repositories/fills.ts';
import type { LiquidationRepository } from '#db/repositories/liquidations.ts';
import type { PositionRepository } from '#db/repositories/positions.ts';
import type { ReceiptRepository } from '#db/repositories/receipts.ts';
import type { RiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import type { UserRepository } from '#db/repositories/users.ts';
import type { ErrorCode } from '#shared/protocol/error-codes.ts';
import type { AccountRpc } from '../account/contract.ts';
import type { Chain } from '../chain/chain.ts';
import type { Env, Settings } from '../env.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { MarketViews } from './market-views.ts';
import type { PoolReader } from './pool-reader.ts';

/** Everything a handler reaches, by interface. Built once per isolate and handed to each request. */
export interface Services {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly chain: Chain;
  /** The object of a wallet. */
  account(wallet: string): AccountRpc;
  indexer(): IndexerRpc;
  readonly markets: MarketViews;
  readonly pool: PoolReader;
  readonly database: Database;
  readonly repositories: Repositories;
}

/** What is read from the database, each as the signed-in user. */
export interface Repositories {
  readonly users: UserRepository;
  readonly fills: FillRepository;
  readonly liquidations: LiquidationRepository;
  readonly positions: PositionRepository;
  readonly receipts: ReceiptRepository;
  readonly riskAlerts: RiskAlertRepository;
}

/** Variables that middleware sets for handlers. */
export interface ApiVariables {
  requestId: string;
  logger: Logger;
  services: Services;
  /** Code of the refusal the request ended with, for the log. */
  refusalCode: ErrorCode | undefined;
}

export interface ApiEnv {
  Bindings: Env;
  Variables: ApiVariables;
}

export type ApiContext = Context<ApiEnv>;
