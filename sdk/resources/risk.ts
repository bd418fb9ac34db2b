import { liquidatableListSchema, riskHealthSchema } from '#shared/protocol/risk.ts';

import type { HttpClient } from '../http.ts';
import { own, withSignal } from './request.ts';

/**
 * How near to their liquidation positions are: the trader's own, and everybody's that may be liquidated now.
 *
 * @example
 * for (const { owner, symbol, accounts } of await client.risk.liquidatable()) …
 */
export function riskOf(http: HttpClient) {
  return {
    health: (signal?: AbortSignal) => http.request('GET', '/api/risk/health', riskHealthSchema, own(signal)),
    /** Each with the accounts that `liquidate_position` takes. */
    liquidatable: (filter: { symbol?: string; limit?: number } = {}, signal?: AbortSignal) =>
      http.request('GET', '/api/risk/liquidatable', liquidatableListSchema, { query: filter, ...withSignal(signal) }),
  };
}
