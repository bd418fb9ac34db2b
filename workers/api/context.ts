import type { Context } from 'hono';
import type { Database } from '#db/client.ts';
import type { AdminActionRepository } from '#db/repositories/admin-actions.ts';
import type { AnalysisRepository } from '#db/repositories/analyses.ts';
import type { AiRequestRepository } from '#db/repositories/ai-requests.ts';
import type { ConversationRepository } from '#db/repositories/conversations.ts';
import type { DeadLetterRepository } from '#db/repositories/dead-letters.ts';
import type { FillRepository } from '#db/repositories/fills.ts';
import type { LiquidationRepository } from '#db/repositories/liquidations.ts';
import type { PersonalRecordRepository } from '#db/repositories/personal-records.ts';
import type { PoolRepository } from '#db/repositories/pool.ts';
import type { PortfolioRepository } from '#db/repositories/portfolio.ts';
import type { PositionRepository } from '#db/repositories/positions.ts';
import type { ReceiptRepository } from '#db/repositories/receipts.ts';
import type { RiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import type { RiskEventRepository } from '#db/repositories/risk-events.ts';
import type { StatementRepository } from '#db/repositories/statement.ts';
import type { TrackRecordRepository } from '#db/repositories/track-record.ts';
import type { TransferRepository } from '#db/repositories/transfers.ts';
import type { UserRepository } from '#db/repositories/users.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import type { ErrorCode } from '#shared/protocol/error-codes.ts';
import type { AccountRpc } from '../account/contract.ts';
import type { Chain } from '../chain/chain.ts';
import type { Models } from '../analyst/models/contract.ts';
import type { Env, Settings } from '../env.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import type { MarketRpc } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { RateClass } from './rate-class.ts';
import type { Logger } from '../platform/logger.ts';
import type { RiskMessage } from '../risk/message.ts';
import type { MarketViews } from './market-views.ts';
import type { PoolReader } from '../chain/pool-reader.ts';
import type { WaitingSockets } from './waiting-sockets.ts';

/** Everything a handler reaches, by interface. Built once per isolate and handed to each request. */
export interface Services {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly chain: Chain;
  /** The object of a wallet. */
  account(wallet: string): AccountRpc;
  indexer(): IndexerRpc;
  /** The object of a market. */
  market(symbol: MarketSymbol): MarketRpc;
  /** Where candidates of the risk engine wait. */
  readonly riskChecks: Pick<Queue<RiskMessage>, 'send'>;
  readonly markets: MarketViews;
  readonly pool: PoolReader;
  readonly waitingSockets: WaitingSockets;
  /** The language models of the configuration; there may be none. */
  readonly models: Models;
  readonly database: Database;
  readonly repositories: Repositories;
}

/** What is read from the database, each as the signed-in user; what is the operators', as operators. */
export interface Repositories {
  readonly analyses: AnalysisRepository;
  readonly aiRequests: AiRequestRepository;
  readonly conversations: ConversationRepository;
  readonly trackRecord: TrackRecordRepository;
  readonly adminActions: AdminActionRepository;
  readonly deadLetters: DeadLetterRepository;
  readonly riskEvents: RiskEventRepository;
  readonly users: UserRepository;
  readonly fills: FillRepository;
  readonly liquidations: LiquidationRepository;
  readonly personalRecords: PersonalRecordRepository;
  readonly pool: PoolRepository;
  readonly portfolio: PortfolioRepository;
  readonly positions: PositionRepository;
  readonly receipts: ReceiptRepository;
  readonly riskAlerts: RiskAlertRepository;
  readonly statement: StatementRepository;
  readonly transfers: TransferRepository;
}

/** Variables that middleware sets for handlers. */
export interface ApiVariables {
  requestId: string;
  logger: Logger;
  services: Services;
  /** What the request counts as: its operation, and the limit that counts it. */
  counted: { readonly operation: string; readonly rate: RateClass } | undefined;
  /** Code of the refusal the request ended with, for the log. */
  refusalCode: ErrorCode | undefined;
}

export interface ApiEnv {
  Bindings: Env;
  Variables: ApiVariables;
}

export type ApiContext = Context<ApiEnv>;
