/**
 * Liquidation: how much, at what fee (docs/mathematics.md, "The life of a position"), and from which price (11 and 12).
 *
 * The liquidation test separates into a constant of the position (`key`) and a value of the market (`threshold`), so one range read of an
 * ordered index finds every candidate. Rounding only ever adds candidates; the program decides.
 */
import { clamp, divCeil, divFloor, max, min, mulDivCeil } from '../money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  FINE_VALUE_PER_ENTRY_VALUE,
  FINE_VALUE_PER_QUOTE,
  type Bps,
  type Price,
  type Quote,
  type Size,
  price as toPrice,
  quote,
  size as toSize,
} from '../money/units.ts';
import { i128, u64 } from './checked.ts';
import { type Indexes, equityQCapped } from './equity.ts';
import { sideSign } from './side.ts';
import type { MarketConfig, PositionState, Side } from './types.ts';

/** Slack for the roundings of a partial liquidation: 5 quote units, 1e-26 USD. */
const roundingSlack = 5n * FINE_VALUE_PER_QUOTE;

/** The parameters that decide a size to liquidate. */
type AmountConfig = Pick<
  MarketConfig,
  'maintenanceMarginBps' | 'liquidationTargetBps' | 'liquidationFeeBps' | 'minLiquidationBps' | 'minPositionNotional'
>;

/**
 * Size to liquidate of a liquidatable position: what restores `liquidationTargetBps` of the maintenance margin, at least
 * `minLiquidationBps` of the position; all of it where the rest would be below the minimum notional.
 */
export function liquidationAmount(position: PositionState, indexes: Indexes, price: Price, config: AmountConfig): Size {
  const target = config.maintenanceMarginBps * config.liquidationTargetBps * 100n;
  const missing = i128(i128(position.size * price * target) - equityQCapped(position, indexes, price) + roundingSlack);
  const restored = price * (target - config.liquidationFeeBps * 10n ** 6n);
  const wanted = max(divCeil(missing, restored), mulDivCeil(position.size, config.minLiquidationBps, BPS_SCALE));
  const part = max(wanted, 1n);
  const restNotional = (position.size - part) * price;
  const takesAll = part >= position.size || restNotional < config.minPositionNotional * ENTRY_VALUE_PER_QUOTE;
  return takesAll ? position.size : toSize(part);
}

/** min(ceil(size · price · liquidation_fee_bps / 1e14), available), in quote. */
export const liquidationFee = (size: Size, price: Price, liquidationFeeBps: Bps, available: Quote): Quote =>
  min(quote(u64(mulDivCeil(size * price, liquidationFeeBps, BPS_SCALE * ENTRY_VALUE_PER_QUOTE))), available);

/**
 * The price beyond which the position is liquidatable at these indexes: a long strictly below it, a short strictly above it. Null for a long
 * that no positive price liquidates, and for a flat position; 0 for a short that is unhealthy at any price. For display.
 */
export function liquidationPrice(position: PositionState, indexes: Indexes, maintenanceMarginBps: Bps): Price | null {
  if (position.size === 0n) return null;
  const sign = sideSign(position.side);
  const funding = position.size * indexes.fundingIndex - position.fundingSum;
  const borrow = position.size * indexes.borrowIndex - position.borrowSum;
  const entry = position.entryValue * FINE_VALUE_PER_ENTRY_VALUE + funding;
  const numerator = (entry + sign * (borrow - position.margin * FINE_VALUE_PER_QUOTE)) * BPS_SCALE;
  const denominator = position.size * FINE_VALUE_PER_ENTRY_VALUE * (BPS_SCALE - sign * maintenanceMarginBps);
  if (position.side === 'short') return toPrice(max(0n, divFloor(numerator, denominator)));
  return numerator <= 0n ? null : toPrice(divCeil(numerator, denominator));
}

/** Bound of keys and thresholds, 1e-8 USD: index values pass through doubles, which are exact up to here. */
export const indexKeyBound = 2n ** 52n;

/** A value of the liquidation index; `checkAlways` where it is at or beyond the bound and orders nothing any more. */
export interface IndexKey {
  readonly key: bigint;
  readonly checkAlways: boolean;
}

const bounded = (value: bigint): bigint => clamp(value, -indexKeyBound, indexKeyBound);
const indexKey = (value: bigint): IndexKey => ({
  key: bounded(value),
  checkAlways: value <= -indexKeyBound || value >= indexKeyBound,
});

/**
 * The constant of an open position in 1e-8 USD. A long is a candidate where `key > threshold`, a short where `key < threshold`; a key marked
 * `checkAlways` is a candidate at every price. It changes only when the position does.
 */
export function liquidationKey(position: PositionState): IndexKey {
  const sign = sideSign(position.side);
  const entry = position.entryValue * FINE_VALUE_PER_ENTRY_VALUE - position.fundingSum;
  const numerator = entry - sign * (position.borrowSum + position.margin * FINE_VALUE_PER_QUOTE);
  const denominator = position.size * FINE_VALUE_PER_ENTRY_VALUE;
  return indexKey(position.side === 'long' ? divCeil(numerator, denominator) : divFloor(numerator, denominator));
}

/** The market's value of a side at a price and indexes, 1e-8 USD, within the bound of the keys. */
export function liquidationThreshold(side: Side, price: Price, indexes: Indexes, maintenanceMarginBps: Bps): bigint {
  const sign = sideSign(side);
  const scaled = price * (BPS_SCALE - sign * maintenanceMarginBps) * 10n ** 6n;
  const value = scaled - indexes.fundingIndex - sign * indexes.borrowIndex;
  return bounded(side === 'long' ? divFloor(value, 10n ** 10n) : divCeil(value, 10n ** 10n));
}

/** Margin at which a trader is warned: one and a half times the maintenance margin. */
export const warningMarginBps = (maintenanceMarginBps: Bps): Bps => divCeil(maintenanceMarginBps * 3n, 2n) as Bps;

/** Margin from which a warned trader counts as safe again: 1.6 times the maintenance margin. */
export const rearmMarginBps = (maintenanceMarginBps: Bps): Bps => divCeil(maintenanceMarginBps * 8n, 5n) as Bps;

/**
 * (entry_value + σ · reserve) / size, 1e-8 USD: a long is a candidate for `close_capped` where `price >= key`, a short where `price <= key`.
 */
export function capPrice(position: PositionState): IndexKey {
  const numerator = position.entryValue + sideSign(position.side) * position.reserve * ENTRY_VALUE_PER_QUOTE;
  return indexKey(position.side === 'long' ? divCeil(numerator, position.size) : divFloor(numerator, position.size));
}
