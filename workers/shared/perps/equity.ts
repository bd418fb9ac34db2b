/** Equity, the liquidation test and initial margin (docs/mathematics.md, 10), exact in 1e-26 USD. */
import { divCeil, divFloor, max, mulDivCeil } from '../money/divide.ts';
import {
  ENTRY_VALUE_PER_QUOTE,
  FINE_VALUE_PER_ENTRY_VALUE,
  FINE_VALUE_PER_QUOTE,
  type Bps,
  type FineValue,
  type IndexValue,
  type Price,
  type Quote,
  type Size,
  fineValue,
  quote,
} from '../money/units.ts';
import { i128, u64 } from './checked.ts';
import { cappedValue, positionValue, unrealizedPnl } from './pnl.ts';
import { sideSign } from './side.ts';
import type { MarketState, PositionState, Side } from './types.ts';

/** The market's cumulative funding and borrow. */
export type Indexes = Pick<MarketState, 'fundingIndex' | 'borrowIndex'>;
type Sums = Pick<PositionState, 'side' | 'size' | 'fundingSum' | 'borrowSum'>;

/** Funding owed, exact; negative where the position receives. */
export const fundingOwed = (position: Sums, fundingIndex: IndexValue): FineValue =>
  fineValue(i128(sideSign(position.side) * (i128(position.size * fundingIndex) - position.fundingSum)));

/** Borrow owed, exact. */
export const borrowOwed = (position: Sums, borrowIndex: IndexValue): FineValue =>
  fineValue(i128(i128(position.size * borrowIndex) - position.borrowSum));

function equityOf(position: PositionState, indexes: Indexes, value: bigint): FineValue {
  const owed = i128(fundingOwed(position, indexes.fundingIndex) + borrowOwed(position, indexes.borrowIndex));
  const owned = i128(i128(position.margin * FINE_VALUE_PER_QUOTE) + i128(value * FINE_VALUE_PER_ENTRY_VALUE));
  return fineValue(i128(owned - owed));
}

/** Q: margin + value − funding − borrow. */
export const equityQ = (position: PositionState, indexes: Indexes, price: Price): FineValue =>
  equityOf(position, indexes, positionValue(position, price));

/** Q with the value capped by the reserve: what the position is worth to its owner. */
export const equityQCapped = (position: PositionState, indexes: Indexes, price: Price): FineValue =>
  equityOf(position, indexes, cappedValue(position, price));

/** floor(Q_capped) in quote. */
export const equity = (position: PositionState, indexes: Indexes, price: Price): Quote =>
  quote(divFloor(equityQCapped(position, indexes, price), FINE_VALUE_PER_QUOTE));

/** size · price · maintenance_margin_bps, exact, 1e-26 USD. */
export const maintenanceMargin = (size: Size, price: Price, maintenanceMarginBps: Bps): FineValue =>
  fineValue(i128(size * price * maintenanceMarginBps * 10n ** 6n));

/** Q < maintenance margin; equality is safe, and a flat position is never liquidatable. */
export const isLiquidatable = (
  position: PositionState,
  indexes: Indexes,
  price: Price,
  maintenanceMarginBps: Bps,
): boolean => equityQ(position, indexes, price) < maintenanceMargin(position.size, price, maintenanceMarginBps);

/** ceil(size · price / max_leverage), 1e-26 USD: what Q_capped must be after taking risk. */
export const initialMargin = (size: Size, price: Price, maxLeverage: bigint): FineValue =>
  fineValue(i128(divCeil(size * price * FINE_VALUE_PER_ENTRY_VALUE, maxLeverage)));

export interface OpeningMarginInput {
  readonly side: Side;
  readonly size: Size;
  readonly price: Price;
  readonly fillPrice: Price;
  /** Reserve of the opened part. */
  readonly reserve: Quote;
  /** Hundredths: 2000 is 20×. */
  readonly leverageE2: bigint;
}

/**
 * ceil(size · max(fill, price) / leverage) + the loss at the oracle price that the spread causes at once: with it the initial-margin test
 * holds by construction for every leverage the market allows.
 */
export function openingMargin(input: OpeningMarginInput): Quote {
  const { side, size, price, fillPrice, reserve, leverageE2 } = input;
  const base = mulDivCeil(size, max(fillPrice, price), leverageE2 * (ENTRY_VALUE_PER_QUOTE / 100n));
  const opened = { side, size, entryValue: (size * fillPrice) as PositionState['entryValue'], reserve };
  return quote(u64(base + max(0n, -unrealizedPnl(opened, price))));
}
