/** Opening and increasing a position (docs/mathematics.md, "The life of a position"). */
import { abs, max } from '../money/divide.ts';
import {
  ENTRY_VALUE_PER_QUOTE,
  type Price,
  type Quote,
  type Size,
  entryValue,
  fineValue,
  quote,
  size as toSize,
} from '../money/units.ts';
import { i128, u64 } from './checked.ts';
import { equityQCapped, initialMargin, openingMargin } from './equity.ts';
import { requireThat } from './errors.ts';
import { tradingFee } from './fee.ts';
import { checkWorstPrice, fillPrice } from './fill.ts';
import { checkSkew, impact } from './impact.ts';
import { creditFee, creditPool, replaceInTotals } from './ledger.ts';
import { isCapped } from './pnl.ts';
import { checkReserve, positionReserve, reserved } from './reserve.ts';
import { openingTrade, sideSign } from './side.ts';
import { skewOf } from './accrual.ts';
import type { AccountState, MarketState, OraclePrice, PositionState, Side } from './types.ts';

/** Largest notional of a side of a market, hence of a position: 1e11 USD in 1e-16 USD. */
export const notionalMax = 10n ** 27n;
/** Largest size × index of a side of a market, 1e-26 USD. */
export const indexSumMax = 10n ** 37n;
/** Lowest leverage, hundredths. */
const leverageE2Min = 1n;

/** What a transition works on. The market is accrued. */
export interface TradeState {
  readonly market: MarketState;
  readonly position: PositionState;
  readonly account: AccountState;
}

export interface OpenRequest {
  readonly side: Side;
  readonly size: Size;
  /** Hundredths: 2000 is 20×. */
  readonly leverageE2: bigint;
  readonly worstPrice: Price;
}

/** What an opening costs, before it is known whether it is allowed. */
export interface OpenCosts {
  readonly fillPrice: Price;
  readonly impact: Quote;
  readonly fee: Quote;
  /** Taken from collateral into the position's margin. */
  readonly marginAdded: Quote;
}

export interface Opened extends TradeState, OpenCosts {}

/** Fill, impact, fee and margin of an opening. Errors: LeverageOutOfBounds, InvalidFillPrice. */
export function openCosts(
  market: MarketState,
  oracle: OraclePrice,
  request: Omit<OpenRequest, 'worstPrice'>,
): OpenCosts {
  const { config } = market;
  const { side, size, leverageE2 } = request;
  requireThat(leverageE2 >= leverageE2Min && leverageE2 <= config.maxLeverage * 100n, 'LeverageOutOfBounds');
  const fill = fillPrice(openingTrade(side), oracle.price, oracle.conf, config.kBps);
  const delta = sideSign(side) * size;
  const { skewScale, maxSkewBps } = config;
  const reserve = positionReserve(entryValue(size * fill), config.payoffCapBps);
  return {
    fillPrice: fill,
    impact: impact({ price: oracle.price, skew: skewOf(market), delta, skewScale, maxSkewBps, reducing: false }),
    fee: tradingFee(size, fill, config.feeBps),
    marginAdded: openingMargin({ side, size, price: oracle.price, fillPrice: fill, reserve, leverageE2 }),
  };
}

/** An existing position may be increased: same side, can still win, not under its initial margin. */
function checkIncreasable({ market, position }: TradeState, price: Price, side: Side): void {
  if (position.size === 0n) return;
  requireThat(position.side === side, 'OppositeSide');
  requireThat(!isCapped(position, price), 'Capped');
  requireThat(meetsInitialMargin(market, position, price), 'MarginTooLow');
}

/** Q_capped is at least the initial margin. */
export const meetsInitialMargin = (market: MarketState, position: PositionState, price: Price): boolean =>
  equityQCapped(position, market, price) >= initialMargin(position.size, price, market.config.maxLeverage);

/** The position with the opened part added, whether allowed or not. */
export function grown(state: TradeState, request: Pick<OpenRequest, 'side' | 'size'>, costs: OpenCosts): PositionState {
  const { market, position } = state;
  const { side, size } = request;
  const addedValue = entryValue(size * costs.fillPrice);
  return {
    ...position,
    side,
    size: toSize(u64(position.size + size)),
    entryValue: entryValue(position.entryValue + addedValue),
    margin: quote(u64(position.margin + costs.marginAdded)),
    reserve: quote(u64(position.reserve + positionReserve(addedValue, market.config.payoffCapBps))),
    fundingSum: fineValue(i128(position.fundingSum + size * market.fundingIndex)),
    borrowSum: fineValue(i128(position.borrowSum + size * market.borrowIndex)),
    seq: position.seq + 1n,
  };
}

/** Limits of the side as it would be after the trade. */
function checkSide(market: MarketState, side: Side, price: Price): void {
  const totals = market[side];
  const oiMax = side === 'long' ? market.config.maxLongOi : market.config.maxShortOi;
  requireThat(totals.size <= oiMax, 'OpenInterestExceeded');
  const notional = max(totals.size * price, totals.entryValue);
  const index = totals.size * max(abs(market.fundingIndex), market.borrowIndex);
  const sums = max(abs(totals.fundingSum), abs(totals.borrowSum));
  requireThat(notional <= notionalMax && max(index, sums) <= indexSumMax, 'NotionalTooLarge');
}

/**
 * Opens a flat position or increases one of the same side. Fee and impact come from collateral. The market is accrued and the price
 * accepted; market state and EMA distance are tested by the caller (`checkMayOpen`).
 * Errors, in this order: ZeroAmount, LeverageOutOfBounds, InvalidFillPrice, OppositeSide, Capped, MarginTooLow, SkewTooWide, SlippageExceeded,
 * OpenInterestExceeded, NotionalTooLarge, BelowMinNotional, UtilisationExceeded, InsufficientCollateral, MarginTooLow.
 */
export function open(state: TradeState, oracle: OraclePrice, request: OpenRequest): Opened {
  const { market, position, account } = state;
  const { config } = market;
  const { side, size } = request;
  requireThat(size > 0n, 'ZeroAmount');
  const costs = openCosts(market, oracle, request);
  checkIncreasable(state, oracle.price, side);
  checkSkew(skewOf(market), sideSign(side) * size, config.skewScale, config.maxSkewBps);
  checkWorstPrice(openingTrade(side), size, costs.fillPrice, costs.impact, request.worstPrice);
  const after = grown(state, request, costs);
  const withPosition = replaceInTotals(market, side, position, after);
  checkSide(withPosition, side, oracle.price);
  requireThat(after.size * oracle.price >= config.minPositionNotional * ENTRY_VALUE_PER_QUOTE, 'BelowMinNotional');
  checkReserve(reserved(withPosition), market.backing, config.maxUtilisationBps);
  const collateral = account.collateral - costs.marginAdded - costs.fee - costs.impact;
  requireThat(collateral >= 0n, 'InsufficientCollateral');
  requireThat(meetsInitialMargin(market, after, oracle.price), 'MarginTooLow');
  return {
    market: creditPool(creditFee(withPosition, costs.fee), costs.impact),
    position: after,
    account: { ...account, collateral: quote(collateral) },
    ...costs,
  };
}
