import type { Operation } from '../operation.ts';
import { deadLettersDiscard, deadLettersList, deadLettersReplay } from './admin.dead-letters.ts';
import { adminActions, adminRiskEvents } from './admin.events.ts';
import { adminTransactionsBuild, proposalsList } from './admin.governance.ts';
import { switchesGet, switchesSet } from './admin.switches.ts';
import { adminUsersChange, adminUsersList } from './admin.users.ts';
import { aiAnalyses } from './ai.analyses.ts';
import { aiAnalyze } from './ai.analyze.ts';
import { aiChat } from './ai.chat.ts';
import {
  aiConversationsDelete,
  aiConversationsDeleteAll,
  aiConversationsGet,
  aiConversationsList,
} from './ai.conversations.ts';
import { aiTrackRecord } from './ai.track-record.ts';
import { authLogin } from './auth.login.ts';
import { authLogout } from './auth.logout.ts';
import { authNonce } from './auth.nonce.ts';
import { authRefresh } from './auth.refresh.ts';
import { defineStepUp } from './auth.step-up.ts';
import { commandsGet } from './commands.get.ts';
import { configGet } from './config.get.ts';
import { faucetPost } from './faucet.post.ts';
import { fillsList } from './fills.list.ts';
import { fundingList } from './funding.list.ts';
import { healthGet } from './health.get.ts';
import { liquidationsList } from './liquidations.list.ts';
import { marketCandles } from './market.candles.ts';
import { marketMarkets } from './market.markets.ts';
import { marketOracle } from './market.oracle.ts';
import { marketPrices } from './market.prices.ts';
import { marketStats } from './market.stats.ts';
import { ordersAmend } from './orders.amend.ts';
import { ordersCancelAfter } from './orders.cancel-after.ts';
import { ordersCancelAll } from './orders.cancel-all.ts';
import { ordersCancel } from './orders.cancel.ts';
import { ordersGet } from './orders.get.ts';
import { ordersList } from './orders.list.ts';
import { ordersPlace } from './orders.place.ts';
import { ordersPreview } from './orders.preview.ts';
import { poolGet } from './pool.get.ts';
import { poolHistory } from './pool.history.ts';
import { poolMe } from './pool.me.ts';
import { portfolioBalance } from './portfolio.balance.ts';
import { portfolioDelegate } from './portfolio.delegate.ts';
import { portfolioExport } from './portfolio.export.ts';
import { portfolioHistory } from './portfolio.history.ts';
import { portfolioTransfers } from './portfolio.transfers.ts';
import { portfolioWithdrawal } from './portfolio.withdrawal.ts';
import { positionsClose } from './positions.close.ts';
import { positionsExits } from './positions.exits.ts';
import { positionsCosts } from './positions.costs.ts';
import { positionsHistory } from './positions.history.ts';
import { positionsList } from './positions.list.ts';
import { positionsMargin } from './positions.margin.ts';
import { readyGet } from './ready.get.ts';
import { receiptsGet } from './receipts.get.ts';
import { riskAlerts } from './risk.alerts.ts';
import { riskHealth } from './risk.health.ts';
import { riskLiquidatable } from './risk.liquidatable.ts';
import { sessionsCreate } from './sessions.create.ts';
import { sessionsEnd, sessionsEndOthers } from './sessions.end.ts';
import { sessionsList } from './sessions.list.ts';
import { transactionsBuild } from './transactions.build.ts';
import { transactionsSubmit } from './transactions.submit.ts';
import { usersChange } from './users.change.ts';
import { usersErase, usersExport } from './users.data.ts';
import { usersMe } from './users.me.ts';

/** Every operation of the API, in the order of its description. */
export const operations: readonly Operation[] = [
  authNonce,
  authLogin,
  authRefresh,
  authLogout,
  defineStepUp(() => operations),
  sessionsList,
  sessionsCreate,
  sessionsEnd,
  sessionsEndOthers,
  usersMe,
  usersChange,
  usersExport,
  usersErase,
  configGet,
  marketMarkets,
  marketPrices,
  marketCandles,
  marketStats,
  marketOracle,
  ordersPlace,
  ordersPreview,
  ordersList,
  ordersCancelAll,
  ordersGet,
  ordersAmend,
  ordersCancel,
  ordersCancelAfter,
  commandsGet,
  positionsList,
  positionsCosts,
  positionsHistory,
  positionsMargin,
  positionsExits,
  positionsClose,
  fillsList,
  fundingList,
  liquidationsList,
  receiptsGet,
  transactionsBuild,
  transactionsSubmit,
  portfolioBalance,
  portfolioHistory,
  portfolioExport,
  portfolioTransfers,
  portfolioWithdrawal,
  portfolioDelegate,
  poolGet,
  poolHistory,
  poolMe,
  riskAlerts,
  riskHealth,
  riskLiquidatable,
  aiAnalyze,
  aiAnalyses,
  aiTrackRecord,
  aiChat,
  aiConversationsList,
  aiConversationsGet,
  aiConversationsDelete,
  aiConversationsDeleteAll,
  faucetPost,
  adminUsersList,
  adminUsersChange,
  deadLettersList,
  deadLettersReplay,
  deadLettersDiscard,
  switchesGet,
  switchesSet,
  adminRiskEvents,
  adminActions,
  proposalsList,
  adminTransactionsBuild,
  healthGet,
  readyGet,
];
