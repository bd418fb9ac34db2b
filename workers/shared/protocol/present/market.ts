import { BPS_SCALE, price, quote, type Rate, size } from '#shared/money/units.ts';
import { divCeil } from '#shared/money/divide.ts';
import { marketOf } from '#shared/markets.ts';
import { accrue, skewOf } from '#shared/perps/accrual.ts';
import { borrowRate } from '#shared/perps/borrow.ts';
import { fundingRate } from '#shared/perps/funding.ts';
import { reserved } from '#shared/perps/reserve.ts';
import type { MarketState } from '#shared/perps/types.ts';
import { restrictionsOf } from '../restrictions.ts';
import { marketSymbolOf, timestampOf } from './fields.ts';
import type { CandleDto, MarketDto, MarketPriceDto, MarketStatsDto } from '../market.ts';
import type { PriceData } from '../ws.ts';
import type { Candle, MarketSnapshot } from '#shared/market-snapshot.ts';

/** Addresses a market has on chain; from configuration, not from the snapshot. */
export interface MarketAddresses {
  readonly market: string;
  readonly priceAccount: string;
}

/**
 * The market with its indexes brought to a moment, as the next instruction would; without a price, as it was last seen. Null while unknown.
 */
export function marketAt({ market, price: oracle }: MarketSnapshot, nowMs: number): MarketState | null {
  if (market === null || oracle === null) return market;
  return accrue(market, oracle.price, BigInt(Math.floor(nowMs / 1_000)));
}

/** Funding per hour at the skew of now; positive: longs pay. */
export const currentFundingRate = (market: MarketState): Rate => {
  const { config } = market;
  return fundingRate(skewOf(market), config.fundingSkewScale, config.maxFundingRate);
};

/** Borrow per hour at the utilisation of now, paid by both sides. */
export const currentBorrowRate = (market: MarketState): Rate =>
  borrowRate(market.config.borrowBase, market.config.borrowSlope, reserved(market), market.backing);

/** Null before the market's first price. */
export function presentMarketPrice(snapshot: MarketSnapshot): MarketPriceDto | null {
  if (snapshot.price === null) return null;
  const publishTime = Number(snapshot.price.publishTime);
  return {
    symbol: marketSymbolOf(snapshot.symbol),
    price: snapshot.price.price,
    timestamp: timestampOf(publishTime * 1_000),
    confidence: snapshot.price.conf,
    ema: snapshot.price.ema,
    publish_time: publishTime,
    state: snapshot.priceState,
    source: 'pyth',
  };
}

/** Data of the `price` channel; null before the first price. */
export function presentPriceData(snapshot: MarketSnapshot): PriceData | null {
  if (snapshot.price === null) return null;
  return {
    symbol: marketSymbolOf(snapshot.symbol),
    price: snapshot.price.price,
    confidence: snapshot.price.conf,
    ema: snapshot.price.ema,
    publish_time: Number(snapshot.price.publishTime),
    state: snapshot.priceState,
    funding_rate: snapshot.market === null ? null : currentFundingRate(snapshot.market),
  };
}

export function presentCandle(candle: Candle): CandleDto {
  return {
    time: candle.time,
    open: price(candle.open),
    high: price(candle.high),
    low: price(candle.low),
    close: price(candle.close),
    volume: size(candle.volume),
  };
}

/** Statistics of the last 24 hours; what has no history yet is null. */
export function presentStats(snapshot: MarketSnapshot): MarketStatsDto {
  const { stats, market, price: oracle } = snapshot;
  return {
    symbol: marketSymbolOf(snapshot.symbol),
    price: oracle?.price ?? null,
    open_24h: stats === null ? null : price(stats.open24h),
    high_24h: stats === null ? null : price(stats.high24h),
    low_24h: stats === null ? null : price(stats.low24h),
    change_24h: stats === null || oracle === null ? null : price(oracle.price - stats.open24h),
    volume_base_24h: size(stats?.volumeBase24h ?? 0n),
    volume_quote_24h: quote(stats?.volumeQuote24h ?? 0n),
    long_open_interest: market?.long.size ?? null,
    short_open_interest: market?.short.size ?? null,
    skew: market === null ? null : size(skewOf(market)),
    funding_rate: market === null ? null : currentFundingRate(market),
    borrow_rate: market === null ? null : currentBorrowRate(market),
    restrictions: restrictionsOf(snapshot.controls),
  };
}

/** A market with its parameters, limits and open interest. */
export function presentMarket(snapshot: MarketSnapshot, addresses: MarketAddresses): MarketDto {
  const definition = marketOf(marketSymbolOf(snapshot.symbol));
  const { market } = snapshot;
  return {
    symbol: definition.symbol,
    index: definition.index,
    base: definition.base,
    quote: 'USDC',
    address: addresses.market,
    feed_id: definition.feedId,
    price_account: addresses.priceAccount,
    price_decimals: definition.priceDecimals,
    size_decimals: definition.sizeDecimals,
    parameters: market === null ? null : presentParameters(market),
    long_open_interest: market?.long.size ?? null,
    short_open_interest: market?.short.size ?? null,
    skew: market === null ? null : size(skewOf(market)),
    backing: market?.backing ?? null,
    reserved: market === null ? null : reserved(market),
    utilisation_bps: market === null ? null : utilisationBps(market),
    funding_rate: market === null ? null : currentFundingRate(market),
    borrow_rate: market === null ? null : currentBorrowRate(market),
    restrictions: restrictionsOf(snapshot.controls),
  };
}

/** Reserves of the backing, rounded up; null where nothing backs the market. */
const utilisationBps = (market: MarketState): number | null =>
  market.backing <= 0n ? null : Number(divCeil(reserved(market) * BPS_SCALE, market.backing));

function presentParameters({ status, config, oracle }: MarketState): NonNullable<MarketDto['parameters']> {
  return {
    status,
    max_leverage: Number(config.maxLeverage),
    maintenance_margin_bps: Number(config.maintenanceMarginBps),
    fee_bps: Number(config.feeBps),
    liquidation_fee_bps: Number(config.liquidationFeeBps),
    payoff_cap_bps: Number(config.payoffCapBps),
    max_utilisation_bps: Number(config.maxUtilisationBps),
    min_position_notional: config.minPositionNotional,
    max_long_open_interest: config.maxLongOi,
    max_short_open_interest: config.maxShortOi,
    k_bps: Number(config.kBps),
    skew_scale: config.skewScale,
    max_skew_bps: Number(config.maxSkewBps),
    funding_skew_scale: config.fundingSkewScale,
    max_funding_rate: config.maxFundingRate,
    borrow_base: config.borrowBase,
    borrow_slope: config.borrowSlope,
    liquidation_target_bps: Number(config.liquidationTargetBps),
    min_liquidation_bps: Number(config.minLiquidationBps),
    max_staleness_seconds: Number(oracle.maxStalenessSeconds),
    max_confidence_bps: Number(oracle.maxConfidenceBps),
    max_ema_divergence_bps: Number(oracle.maxEmaDivergenceBps),
  };
}
