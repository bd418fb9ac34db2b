import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { MarketState } from '#shared/perps/types.ts';
import type { MarketSnapshot } from '../market/contract.ts';

const retryAfterSeconds = 5;

/** A market that an analysis can stand on: on chain, with a price that the oracle rules accept now. */
export interface PricedMarket {
  readonly symbol: string;
  readonly price: OraclePrice;
  readonly market: MarketState;
}

/** The market with its price, or why nothing can be said of it: without an acceptable price there is no signal. */
export function pricedMarket(
  snapshot: MarketSnapshot,
): { readonly ok: true; readonly value: PricedMarket } | { readonly ok: false; readonly refusal: Refusal } {
  const { symbol, price, market, priceState } = snapshot;
  const refuse = (code: Refusal['code'], what: string) =>
    ({ ok: false, refusal: { code, message: `${what} No signal is given meanwhile.`, retryAfterSeconds } }) as const;
  if (market === null) return refuse('MARKET_003', `${symbol} is not open on this network yet.`);
  if (price === null) return refuse('ORACLE_003', `${symbol} has no oracle price yet.`);
  if (priceState === 'stale') return refuse('ORACLE_001', `The oracle price of ${symbol} is stale.`);
  if (priceState === 'uncertain') return refuse('ORACLE_002', `The oracle price of ${symbol} is too uncertain.`);
  if (priceState === 'halted') return refuse('MARKET_003', `${symbol} is halted.`);
  return { ok: true, value: { symbol, price, market } };
}
