import { abs, divCeil } from '#shared/money/divide.ts';
import { BPS_SCALE } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';
import { closingRefusal, openingRefusal } from '../restrictions.ts';
import { marketSymbolOf } from './fields.ts';
import type { OracleDto } from '../market.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';

/** What the price of a market is worth now and which actions it allows, by the program's rules. */
export function presentOracle(snapshot: MarketSnapshot, priceAccount: string, nowMs: number): OracleDto {
  const definition = marketOf(marketSymbolOf(snapshot.symbol));
  const { price, market } = snapshot;
  return {
    symbol: definition.symbol,
    state: snapshot.priceState,
    price: price?.price ?? null,
    confidence: price?.conf ?? null,
    ema: price?.ema ?? null,
    publish_time: price === null ? null : Number(price.publishTime),
    age_seconds: price === null ? null : Math.max(0, Math.floor(nowMs / 1_000) - Number(price.publishTime)),
    confidence_bps: price === null ? null : Number(confidenceBps(price)),
    ema_divergence_bps: price === null ? null : Number(emaDivergenceBps(price)),
    limits:
      market === null
        ? null
        : {
            max_staleness_seconds: Number(market.oracle.maxStalenessSeconds),
            max_confidence_bps: Number(market.oracle.maxConfidenceBps),
            max_ema_divergence_bps: Number(market.oracle.maxEmaDivergenceBps),
          },
    source: 'pyth',
    feed_id: definition.feedId,
    price_account: priceAccount,
    allowed: allowedActions(snapshot),
  };
}

const bpsMax = 10_000n;
const atMost = (value: bigint): bigint => (value > bpsMax ? bpsMax : value);

/** Confidence as a share of the price, rounded up; at most 10,000. */
const confidenceBps = ({ conf, price }: OraclePrice): bigint => atMost(divCeil(conf * BPS_SCALE, price));

/** Distance of the price from its average, rounded up; at most 10,000. */
const emaDivergenceBps = ({ price, ema }: OraclePrice): bigint => atMost(divCeil(abs(price - ema) * BPS_SCALE, ema));

/** |price − ema| · 1e4 > max_ema_divergence_bps · ema: refuses whatever takes risk. */
function divergesFromAverage(price: OraclePrice, market: MarketState): boolean {
  return abs(price.price - price.ema) * BPS_SCALE > market.oracle.maxEmaDivergenceBps * price.ema;
}

/** Closing and liquidation go on while there is an acceptable price, liquidation by anyone even where the exchange's own is switched off; adding margin needs none. */
function allowedActions({ price, priceState, market, controls }: MarketSnapshot): OracleDto['allowed'] {
  const acceptable = price !== null && priceState !== 'stale' && priceState !== 'uncertain';
  const steady = acceptable && market !== null && !divergesFromAverage(price, market);
  const status = market?.status ?? 'halted';
  return {
    open: steady && status === 'active' && openingRefusal(controls) === null,
    close: acceptable && closingRefusal(controls) === null,
    add_margin: true,
    remove_margin: steady && status !== 'halted',
    liquidate: acceptable,
    pool: steady && status !== 'halted',
  };
}
