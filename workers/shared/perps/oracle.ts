/** Which prices the exchange accepts (docs/mathematics.md, "Prices that count"). Each refusal has the program's error name. */
import { abs, divCeil, divFloor } from '../money/divide.ts';
import { BPS_SCALE, PRICE_DECIMALS, U64_MAX, price as toPrice } from '../money/units.ts';
import { requireThat } from './errors.ts';
import type { PriceUpdate, VerificationLevel } from './price-update.ts';
import type { MarketState, OracleConfig, OraclePrice } from './types.ts';

/** How far ahead of the clock a publish time may be, seconds. */
export const futureSecondsMax = 5n;
/** Oldest price a liquidation or `close_capped` without a keeper's signature may use, seconds. */
export const openLiquidationAgeSecondsMax = 5n;
const exponentMin = -18;
const exponentMax = 0;

/** A price account as read from the chain. */
export interface PriceAccount {
  readonly address: string;
  /** Program that owns the account, base58. */
  readonly owner: string;
  readonly update: PriceUpdate;
}

const isVerified = (level: VerificationLevel, minSignatures: number): boolean =>
  level.kind === 'full' || level.signatures >= minSignatures;

/** mantissa · 10^exponent in 1e-8 USD, rounded as told. */
function normalise(mantissa: bigint, exponent: number, divide: (a: bigint, b: bigint) => bigint): bigint {
  const shift = exponent + PRICE_DECIMALS;
  return shift >= 0 ? mantissa * 10n ** BigInt(shift) : divide(mantissa, 10n ** BigInt(-shift));
}

/**
 * An update's prices in 1e-8 USD: price and EMA down, confidence up.
 * Errors: OracleExponent, OraclePriceOutOfRange.
 */
export function normalisePrice(
  update: Pick<PriceUpdate, 'price' | 'conf' | 'exponent' | 'emaPrice' | 'publishTime'>,
): OraclePrice {
  requireThat(update.exponent >= exponentMin && update.exponent <= exponentMax, 'OracleExponent');
  requireThat(update.price > 0n && update.emaPrice > 0n, 'OraclePriceOutOfRange');
  const price = normalise(update.price, update.exponent, divFloor);
  const ema = normalise(update.emaPrice, update.exponent, divFloor);
  const conf = normalise(update.conf, update.exponent, divCeil);
  const inRange = [price, ema].every((value) => value > 0n && value <= U64_MAX) && conf <= U64_MAX;
  requireThat(inRange, 'OraclePriceOutOfRange');
  return { price: toPrice(price), conf: toPrice(conf), ema: toPrice(ema), publishTime: update.publishTime };
}

/** Errors: OracleStale, OracleFuture, OracleUncertain. */
export function checkFresh(price: OraclePrice, config: OracleConfig, now: bigint): void {
  requireThat(now - price.publishTime <= config.maxStalenessSeconds, 'OracleStale');
  requireThat(price.publishTime - now <= futureSecondsMax, 'OracleFuture');
  requireThat(price.conf * BPS_SCALE <= config.maxConfidenceBps * price.price, 'OracleUncertain');
}

/**
 * The price a market would accept from an update now. An older update than the last accepted is refused; an equal publish time gives the
 * stored price, whatever the update says: one price per market and second.
 * Errors: OracleWrongFeed, OracleUnverified, OracleExponent, OraclePriceOutOfRange, OracleOutOfOrder, OracleStale, OracleFuture,
 * OracleUncertain.
 */
export function acceptUpdate(
  update: PriceUpdate,
  config: OracleConfig,
  last: OraclePrice | null,
  now: bigint,
): OraclePrice {
  requireThat(update.feedId === config.feedId, 'OracleWrongFeed');
  requireThat(isVerified(update.verification, config.minSignatures), 'OracleUnverified');
  const offered = normalisePrice(update);
  requireThat(last === null || offered.publishTime >= last.publishTime, 'OracleOutOfOrder');
  const accepted = last !== null && offered.publishTime === last.publishTime ? last : offered;
  checkFresh(accepted, config, now);
  return accepted;
}

/** acceptUpdate of a price account. Errors: OracleWrongAccount and those of acceptUpdate. */
export function acceptPrice(
  account: PriceAccount,
  config: OracleConfig,
  last: OraclePrice | null,
  now: bigint,
): OraclePrice {
  const isTheMarkets = account.owner === config.receiverProgram && account.address === config.priceAccount;
  requireThat(isTheMarkets, 'OracleWrongAccount');
  return acceptUpdate(account.update, config, last, now);
}

/** True where |price − ema| is at most `maxEmaDivergenceBps` of the EMA. */
export const isNearEma = (price: OraclePrice, config: OracleConfig): boolean =>
  abs(price.price - price.ema) * BPS_SCALE <= config.maxEmaDivergenceBps * price.ema;

/** Errors: OracleDivergent. */
export function checkNearEma(price: OraclePrice, config: OracleConfig): void {
  requireThat(isNearEma(price, config), 'OracleDivergent');
}

/** Errors: MarketReduceOnly, MarketHalted. */
export function checkActive({ status }: Pick<MarketState, 'status'>): void {
  requireThat(status !== 'reduce_only', 'MarketReduceOnly');
  requireThat(status !== 'halted', 'MarketHalted');
}

/** Opening and increasing want an active market and a price near its average. Errors: MarketReduceOnly, MarketHalted, OracleDivergent. */
export function checkMayOpen(market: Pick<MarketState, 'status' | 'oracle'>, price: OraclePrice): void {
  checkActive(market);
  checkNearEma(price, market.oracle);
}

/** Removing margin wants a market that is not halted and a price near its average. Errors: MarketHalted, OracleDivergent. */
export function checkMayRemoveMargin(market: Pick<MarketState, 'status' | 'oracle'>, price: OraclePrice): void {
  requireThat(market.status !== 'halted', 'MarketHalted');
  checkNearEma(price, market.oracle);
}

/** A trade's own bound on the age of its price. Errors: PriceTooEarly. */
export function checkPublishTime(price: OraclePrice, minPublishTime: bigint): void {
  requireThat(price.publishTime >= minPublishTime, 'PriceTooEarly');
}
