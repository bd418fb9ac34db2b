import { decodeJson, encodeJson } from '#shared/money/json.ts';
import type { Quote } from '#shared/money/units.ts';
import { authResponseSchema, nonceResponseSchema } from '#shared/protocol/auth.ts';
import { configResponseSchema } from '#shared/protocol/config.ts';
import { fillSchema, liquidationSchema, receiptSchema } from '#shared/protocol/fills.ts';
import {
  candleSchema,
  marketPriceSchema,
  marketSchema,
  marketStatsSchema,
  oracleResponseSchema,
} from '#shared/protocol/market.ts';
import {
  commandSchema,
  orderDetailSchema,
  orderSchema,
  placeOrderRequestSchema,
  previewSchema,
  type PlaceOrderRequest,
} from '#shared/protocol/orders.ts';
import { balanceSchema, waitingWithdrawalSchema } from '#shared/protocol/portfolio.ts';
import { closePositionRequestSchema, positionSchema } from '#shared/protocol/positions.ts';
import { riskAlertSchema } from '#shared/protocol/risk.ts';
import {
  buildTransactionRequestSchema,
  builtTransactionSchema,
  faucetResponseSchema,
  submittedTransactionSchema,
  type BuildTransactionRequest,
} from '#shared/protocol/transactions.ts';
import * as z from 'zod';

import { HttpClient, type HttpOptions, type RequestOptions } from './http.ts';

export type ClientOptions = Omit<HttpOptions, 'parse' | 'stringify'>;

interface ListOptions {
  readonly limit?: number;
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

/** A market order's answer waits up to 3 s for its execution. */
const orderTimeoutMs = 15_000;
/** Building, co-signing and landing a transaction. */
const chainTimeoutMs = 30_000;

/** Key of one intent: repeated requests with the same key and body have one effect. */
export const newIdempotencyKey = (): string => crypto.randomUUID();

const withSignal = (signal: AbortSignal | undefined): RequestOptions => (signal === undefined ? {} : { signal });

const listRequest = (options: ListOptions, query: RequestOptions['query'] = {}): RequestOptions => ({
  auth: true,
  query: { ...query, limit: options.limit, cursor: options.cursor },
  ...withSignal(options.signal),
});

const segment = (id: string): string => encodeURIComponent(id);

/**
 * The REST contract, grouped as its paths are. Answers are checked against the schemas the exchange itself validates with; decimals
 * arrive as integers of their units, amounts to send are given the same way. Every call throws `ApiError`.
 */
export function createClient(options: ClientOptions) {
  const http = new HttpClient({ ...options, parse: decodeJson, stringify: encodeJson });
  return {
    config: (signal?: AbortSignal) => http.request('GET', '/api/config', configResponseSchema, withSignal(signal)),
    auth: authOf(http),
    market: marketOf(http),
    orders: ordersOf(http),
    positions: positionsOf(http),
    history: historyOf(http),
    account: accountOf(http),
    transactions: transactionsOf(http),
  };
}

export type QuantDeskClient = ReturnType<typeof createClient>;

function authOf(http: HttpClient) {
  return {
    /** The exact Sign-In-With-Solana text for this wallet to sign, valid for 5 minutes. */
    nonce: (walletAddress: string) =>
      http.request('POST', '/api/auth/nonce', nonceResponseSchema, { body: { wallet_address: walletAddress } }),
    /** `signature`: base58 ed25519 over the bytes of `message`. */
    login: (walletAddress: string, message: string, signature: string) =>
      http.request('POST', '/api/auth/login', authResponseSchema, {
        body: { wallet_address: walletAddress, message, signature },
      }),
    refresh: (refreshToken: string) =>
      http.request('POST', '/api/auth/refresh', authResponseSchema, { body: { refresh_token: refreshToken } }),
    logout: () => http.request('POST', '/api/auth/logout', z.unknown(), { auth: true, body: {} }),
  };
}

function marketOf(http: HttpClient) {
  return {
    markets: (signal?: AbortSignal) =>
      http.request('GET', '/api/market/markets', z.array(marketSchema), withSignal(signal)),
    prices: (symbols: readonly string[], signal?: AbortSignal) =>
      http.request('GET', '/api/market/prices', z.array(marketPriceSchema), {
        query: { symbols },
        ...withSignal(signal),
      }),
    /** `from` and `to` in seconds since 1970. */
    candles: (query: { symbol: string; interval: string; from?: number; to?: number }, signal?: AbortSignal) =>
      http.request('GET', '/api/market/candles', z.array(candleSchema), { query, ...withSignal(signal) }),
    stats: (symbol: string, signal?: AbortSignal) =>
      http.request('GET', '/api/market/stats', marketStatsSchema, { query: { symbol }, ...withSignal(signal) }),
    oracle: (symbol: string, signal?: AbortSignal) =>
      http.request('GET', '/api/market/oracle', oracleResponseSchema, { query: { symbol }, ...withSignal(signal) }),
  };
}

function ordersOf(http: HttpClient) {
  return {
    place: (order: PlaceOrderRequest, idempotencyKey: string) =>
      http.request('POST', '/api/trading/orders', orderSchema, {
        auth: true,
        body: z.encode(placeOrderRequestSchema, order),
        idempotencyKey,
        timeoutMs: orderTimeoutMs,
      }),
    preview: (order: PlaceOrderRequest, signal?: AbortSignal) =>
      http.request('POST', '/api/trading/preview', previewSchema, {
        auth: true,
        body: z.encode(placeOrderRequestSchema, order),
        ...withSignal(signal),
      }),
    list: (options: ListOptions & { status?: string; symbol?: string } = {}) =>
      http.page(
        '/api/trading/orders',
        orderSchema,
        listRequest(options, { status: options.status, symbol: options.symbol }),
      ),
    /** With every attempt to execute it. */
    get: (id: string) => http.request('GET', `/api/trading/orders/${segment(id)}`, orderDetailSchema, { auth: true }),
    cancel: (id: string) => http.request('DELETE', `/api/trading/orders/${segment(id)}`, orderSchema, { auth: true }),
    /** What became of a request whose answer was lost. */
    command: (idempotencyKey: string) =>
      http.request('GET', `/api/trading/commands/${segment(idempotencyKey)}`, commandSchema, { auth: true }),
  };
}

function positionsOf(http: HttpClient) {
  return {
    list: (signal?: AbortSignal) =>
      http.request('GET', '/api/trading/positions', z.array(positionSchema), { auth: true, ...withSignal(signal) }),
    /** The position, or `shareBps` basis points of it, at the next eligible price. */
    close: (id: string, idempotencyKey: string, terms: { shareBps?: number; maxSlippageBps?: number } = {}) =>
      http.request('POST', `/api/trading/positions/${segment(id)}/close`, orderSchema, {
        auth: true,
        body: z.encode(closePositionRequestSchema, {
          ...(terms.shareBps === undefined ? {} : { share: terms.shareBps }),
          ...(terms.maxSlippageBps === undefined ? {} : { max_slippage_bps: terms.maxSlippageBps }),
        }),
        idempotencyKey,
        timeoutMs: orderTimeoutMs,
      }),
  };
}

function historyOf(http: HttpClient) {
  return {
    fills: (options: ListOptions = {}) => http.page('/api/trading/fills', fillSchema, listRequest(options)),
    liquidations: (options: ListOptions = {}) =>
      http.page('/api/trading/liquidations', liquidationSchema, listRequest(options)),
    alerts: (options: ListOptions = {}) => http.page('/api/risk/alerts', riskAlertSchema, listRequest(options)),
    receipt: (signature: string, signal?: AbortSignal) =>
      http.request('GET', `/api/trading/receipts/${segment(signature)}`, receiptSchema, {
        auth: true,
        ...withSignal(signal),
      }),
  };
}

function accountOf(http: HttpClient) {
  return {
    balance: (signal?: AbortSignal) =>
      http.request('GET', '/api/portfolio/balance', balanceSchema, { auth: true, ...withSignal(signal) }),
    /** What waits because no more may leave the exchange for now. */
    withdrawal: (signal?: AbortSignal) =>
      http.request('GET', '/api/portfolio/withdrawal', waitingWithdrawalSchema, { auth: true, ...withSignal(signal) }),
    /** Test SOL and test USDC into the wallet; local and devnet only. */
    faucet: (walletAddress: string) =>
      http.request('POST', '/api/dev/faucet', faucetResponseSchema, {
        body: { wallet_address: walletAddress },
        timeoutMs: chainTimeoutMs,
      }),
  };
}

function transactionsOf(http: HttpClient) {
  return {
    /** An unsigned transaction and, in words, what signing it does. */
    build: (request: BuildTransactionRequest) =>
      http.request('POST', '/api/trading/transactions', builtTransactionSchema, {
        auth: true,
        body: z.encode(buildTransactionRequestSchema, request),
        timeoutMs: chainTimeoutMs,
      }),
    /** `transaction`: base64, signed by the trader. */
    submit: (transaction: string, idempotencyKey: string) =>
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
