import type { Operation } from '../operation.ts';
import { authLogin } from './auth.login.ts';
import { authLogout } from './auth.logout.ts';
import { authNonce } from './auth.nonce.ts';
import { authRefresh } from './auth.refresh.ts';
import { commandsGet } from './commands.get.ts';
import { configGet } from './config.get.ts';
import { faucetPost } from './faucet.post.ts';
import { fillsList } from './fills.list.ts';
import { healthGet } from './health.get.ts';
import { liquidationsList } from './liquidations.list.ts';
import { marketCandles } from './market.candles.ts';
import { marketMarkets } from './market.markets.ts';
import { marketOracle } from './market.oracle.ts';
import { marketPrices } from './market.prices.ts';
import { marketStats } from './market.stats.ts';
import { ordersCancelAll } from './orders.cancel-all.ts';
import { ordersCancel } from './orders.cancel.ts';
import { ordersGet } from './orders.get.ts';
import { ordersList } from './orders.list.ts';
import { ordersPlace } from './orders.place.ts';
import { ordersPreview } from './orders.preview.ts';
import { poolGet } from './pool.get.ts';
import { portfolioBalance } from './portfolio.balance.ts';
import { portfolioWithdrawal } from './portfolio.withdrawal.ts';
import { positionsClose } from './positions.close.ts';
import { positionsHistory } from './positions.history.ts';
import { positionsList } from './positions.list.ts';
import { positionsMargin } from './positions.margin.ts';
import { readyGet } from './ready.get.ts';
import { receiptsGet } from './receipts.get.ts';
import { riskAlerts } from './risk.alerts.ts';
import { transactionsBuild } from './transactions.build.ts';
import { transactionsSubmit } from './transactions.submit.ts';
import { usersMe } from './users.me.ts';

/** Every operation of the API, in the order of its description. */
export const operations: readonly Operation[] = [
  authNonce,
  authLogin,
  authRefresh,
  authLogout,
  usersMe,
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
  ordersCancel,
  commandsGet,
  positionsList,
  positionsHistory,
  positionsMargin,
  positionsClose,
  fillsList,
  liquidationsList,
  receiptsGet,
  transactionsBuild,
  transactionsSubmit,
  portfolioBalance,
  portfolioWithdrawal,
  poolGet,
  riskAlerts,
  faucetPost,
  healthGet,
  readyGet,
];
