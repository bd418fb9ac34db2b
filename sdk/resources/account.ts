import type { Quote } from '#shared/money/units.ts';
import { userSchema } from '#shared/protocol/auth.ts';
import { fillSchema, fundingPaymentSchema, liquidationSchema, receiptSchema } from '#shared/protocol/fills.ts';
import {
  balanceSchema,
  delegateSchema,
  portfolioPointSchema,
  transferSchema,
  waitingWithdrawalSchema,
  type PortfolioInterval,
} from '#shared/protocol/portfolio.ts';
import { riskAlertSchema } from '#shared/protocol/risk.ts';
import {
  buildTransactionRequestSchema,
  builtTransactionSchema,
  faucetResponseSchema,
  submittedTransactionSchema,
  type BuildTransactionRequest,
} from '#shared/protocol/transactions.ts';
import { erasedUserSchema, tradingPreferencesSchema, type ChangeProfileRequest } from '#shared/protocol/users.ts';
import * as z from 'zod';

import type { HttpClient } from '../http.ts';
import { chainTimeoutMs, listRequest, newIdempotencyKey, own, segment, type ListOptions } from './request.ts';

/**
 * What happened to your positions, newest first, page by page.
 *
 * @example
 * const { items, nextCursor } = await client.history.fills({ symbol: 'SOL-PERP', limit: 100 });
 */
export function historyOf(http: HttpClient) {
  return {
    fills: (options: ListOptions & { symbol?: string } = {}) =>
      http.page('/api/trading/fills', fillSchema, listRequest(options, { symbol: options.symbol })),
    funding: (options: ListOptions & { symbol?: string } = {}) =>
      http.page('/api/trading/funding', fundingPaymentSchema, listRequest(options, { symbol: options.symbol })),
    liquidations: (options: ListOptions & { symbol?: string } = {}) =>
      http.page('/api/trading/liquidations', liquidationSchema, listRequest(options, { symbol: options.symbol })),
    alerts: (options: ListOptions = {}) => http.page('/api/risk/alerts', riskAlertSchema, listRequest(options)),
    /** What the program did in a transaction, from which anyone can recompute it. */
    receipt: (signature: string, signal?: AbortSignal) =>
      http.request('GET', `/api/trading/receipts/${segment(signature)}`, receiptSchema, own(signal)),
  };
}

/** Profile, money, and the faucet of test networks. */
export function accountOf(http: HttpClient) {
  return {
    /** Profile and standing. */
    me: (signal?: AbortSignal) => http.request('GET', '/api/users/me', userSchema, own(signal)),
    /** Changes what is named. */
    change: (change: ChangeProfileRequest) =>
      http.request('PATCH', '/api/users/me', userSchema, {
        auth: true,
        body: { ...change, ...preferencesOf(change) },
      }),
    /** Everything that is stored about you, as the text of a JSON file. */
    exportData: (signal?: AbortSignal) =>
      http.text('/api/users/me/export', { timeoutMs: chainTimeoutMs, ...own(signal) }),
    /** Erases your personal data and ends every session, this one too. `stepUpToken` confirms `DELETE /api/users/me`. */
    eraseData: (stepUpToken: string) =>
      http.request('DELETE', '/api/users/me', erasedUserSchema, { auth: true, stepUpToken }),
    balance: (signal?: AbortSignal) => http.request('GET', '/api/portfolio/balance', balanceSchema, own(signal)),
    /** Equity, profit and loss, fees and drawdown over time, newest first. */
    history: (options: ListOptions & { interval?: PortfolioInterval } = {}) =>
      http.page('/api/portfolio/history', portfolioPointSchema, listRequest(options, { interval: options.interval })),
    /** Everything that changed your money, as CSV; `from` and `to` in seconds since 1970. */
    exportCsv: (range: { from?: number; to?: number } = {}, signal?: AbortSignal) =>
      http.text('/api/portfolio/export.csv', { query: range, timeoutMs: chainTimeoutMs, ...own(signal) }),
    /** What waits because no more may leave the exchange for now. */
    withdrawal: (signal?: AbortSignal) =>
      http.request('GET', '/api/portfolio/withdrawal', waitingWithdrawalSchema, own(signal)),
    /** Deposits and withdrawals with how they stand, newest first. */
    transfers: (options: ListOptions = {}) =>
      http.page('/api/portfolio/transfers', transferSchema, listRequest(options)),
    /** What the exchange may do without your signature. */
    delegate: (signal?: AbortSignal) => http.request('GET', '/api/portfolio/delegate', delegateSchema, own(signal)),
    /** Test SOL and test USDC into the wallet; local and devnet only. */
    faucet: (walletAddress: string) =>
      http.request('POST', '/api/dev/faucet', faucetResponseSchema, {
        body: { wallet_address: walletAddress },
        timeoutMs: chainTimeoutMs,
      }),
  };
}

/** Only preferences hold decimals; the rest travels as it is. */
const preferencesOf = ({ trading_preferences: preferences }: ChangeProfileRequest) =>
  preferences === undefined ? {} : { trading_preferences: z.encode(tradingPreferencesSchema, preferences) };

/**
 * Transactions that the trader signs: deposits, withdrawals, whatever his wallet alone may do.
 *
 * @example
 * const built = await client.transactions.build({ action: 'deposit', params: { amount: usdc('250') } });
 * await client.transactions.submit(wallet.sign(built.transaction));
 */
export function transactionsOf(http: HttpClient) {
  return {
    /** An unsigned transaction and, in words, what signing it does. */
    build: (request: BuildTransactionRequest) =>
      http.request('POST', '/api/trading/transactions', builtTransactionSchema, {
        auth: true,
        body: z.encode(buildTransactionRequestSchema, request),
        timeoutMs: chainTimeoutMs,
      }),
    /** `transaction`: base64, signed by the trader. Submitted twice it lands once. */
    submit: (transaction: string, idempotencyKey: string = newIdempotencyKey()) =>
      http.request('POST', '/api/trading/transactions/submit', submittedTransactionSchema, {
        auth: true,
        body: { transaction },
        idempotencyKey,
        timeoutMs: chainTimeoutMs,
      }),
  };
}

/** An amount of USDC to deposit when the account is opened, and whether the exchange may execute orders for it. */
export const openAccountRequest = (deposit: Quote, delegate = true): BuildTransactionRequest => ({
  action: 'open_account',
  params: { deposit, delegate },
});
