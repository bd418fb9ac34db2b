import {
  candleSchema,
  marketPriceSchema,
  marketSchema,
  marketStatsSchema,
  oracleResponseSchema,
} from '#shared/protocol/market.ts';
import { poolPointSchema } from '#shared/protocol/pool.ts';
import { poolHolderSchema, poolSchema, type PortfolioInterval } from '#shared/protocol/portfolio.ts';
import * as z from 'zod';

import type { HttpClient } from '../http.ts';
import { own, withSignal, type ListOptions } from './request.ts';

/**
 * What anyone may read of the markets.
 *
 * @example
 * const [sol] = await client.market.prices(['SOL-PERP']);
 */
export function marketOf(http: HttpClient) {
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

/** The pool that stands against the traders. */
export function poolOf(http: HttpClient) {
  return {
    get: (signal?: AbortSignal) => http.request('GET', '/api/pool', poolSchema, withSignal(signal)),
    /** Share price, shares and equity over time, newest first. */
    history: ({ interval, limit, cursor, signal }: ListOptions & { interval?: PortfolioInterval } = {}) =>
      http.page('/api/pool/history', poolPointSchema, { query: { interval, limit, cursor }, ...withSignal(signal) }),
    /** Your shares of it. */
    me: (signal?: AbortSignal) => http.request('GET', '/api/pool/me', poolHolderSchema, own(signal)),
  };
}
