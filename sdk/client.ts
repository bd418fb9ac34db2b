import { decodeJson, encodeJson } from '#shared/money/json.ts';
import { configResponseSchema } from '#shared/protocol/config.ts';
import { healthSchema, readySchema } from '#shared/protocol/health.ts';

import { HttpClient, type HttpOptions } from './http.ts';
import { accountOf, historyOf, transactionsOf } from './resources/account.ts';
import { adminOf } from './resources/admin.ts';
import { assistantOf } from './resources/assistant.ts';
import { authOf } from './resources/auth.ts';
import { marketOf, poolOf } from './resources/market.ts';
import { withSignal } from './resources/request.ts';
import { riskOf } from './resources/risk.ts';
import { ordersOf, positionsOf } from './resources/trading.ts';

export { openAccountRequest } from './resources/account.ts';
export { newIdempotencyKey } from './resources/request.ts';
export type { AnalysisQuestion, ChatQuestion } from './resources/assistant.ts';
export type { OrderRequest } from './resources/trading.ts';

export type ClientOptions = Omit<HttpOptions, 'parse' | 'stringify'>;

/**
 * The REST contract, grouped as its paths are. Answers are checked against the schemas the exchange itself validates with; decimals
 * arrive as integers of their units, amounts to send are given the same way. Every call throws `ApiError`.
 *
 * @example
 * const client = createClient({ baseUrl: 'http://127.0.0.1:8787', accessToken: () => token });
 * const balance = await client.account.balance();
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
    pool: poolOf(http),
    risk: riskOf(http),
    assistant: assistantOf(http),
    admin: adminOf(http),
    system: {
      health: (signal?: AbortSignal) => http.request('GET', '/health', healthSchema, withSignal(signal)),
      /** Throws an `ApiError` of status 503 while a part is not well. */
      ready: (signal?: AbortSignal) => http.request('GET', '/ready', readySchema, withSignal(signal)),
    },
  };
}

export type QuantDeskClient = ReturnType<typeof createClient>;
