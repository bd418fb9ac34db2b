/** Reducing and closing a position, and closing a capped one (docs/mathematics.md, "The life of a position"). */
import { divFloor, max, min, mulDivFloor } from '../money/divide.ts';
import {
  ENTRY_VALUE_PER_QUOTE,
  FINE_VALUE_PER_QUOTE,
  type Price,
  type Quote,
  type Size,
  quote,
} from '../money/units.ts';
import { u64 } from './checked.ts';
import { equityQCapped, initialMargin, isLiquidatable } from './equity.ts';
import { requireThat } from './errors.ts';
import { tradingFee } from './fee.ts';
import { checkWorstPrice, fillPrice } from './fill.ts';
import { impact } from './impact.ts';
import { type InsuranceState, creditFee, creditPool, moveNet, replaceInTotals } from './ledger.ts';
import { isCapped } from './pnl.ts';
import type { TradeState } from './position-open.ts';
import { type Realised, flattened, realise } from './reduce.ts';
import { closingTrade, sideSign } from './side.ts';
import { skewOf } from './accrual.ts';
import type { AccountState, MarketState, OraclePrice, PositionState } from './types.ts';

export interface ReduceRequest {
  /** All of the position closes it. */
  readonly size: Size;
  /** Null where any price will do. */
  readonly worstPrice: Price | null;
}

/** Fill, impact and fee of a reduction, charged at most as far as the margin reaches. */
export interface ReduceCosts {
  readonly fillPrice: Price;
  readonly impact: Quote;
  readonly fee: Quote;
}

/** What a reduction moved. `funding` and `borrow` are what the trader paid; negative funding was received. */
export interface Reduced extends TradeState, ReduceCosts {
  readonly insurance: InsuranceState | null;
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  /** Returned to collateral. */
  readonly marginReleased: Quote;
  /** Loss the margin did not cover. */
  readonly badDebt: Quote;
}

/** Fill, impact and fee of a reduction in full. Errors: InvalidFillPrice. */
export function reduceCosts(
  market: MarketState,
  position: PositionState,
  oracle: OraclePrice,
  size: Size,
): ReduceCosts {
  const { config } = market;
  const fill = fillPrice(closingTrade(position.side), oracle.price, oracle.conf, config.kBps);
  const delta = -sideSign(position.side) * size;
  const { skewScale, maxSkewBps } = config;
  return {
    fillPrice: fill,
    impact: impact({ price: oracle.price, skew: skewOf(market), delta, skewScale, maxSkewBps, reducing: true }),
    fee: tradingFee(size, fill, config.feeBps),
  };
}

const credited = (account: AccountState, amount: bigint): AccountState => ({
  ...account,
  collateral: quote(u64(account.collateral + amount)),
});

/** What of the remainder's margin goes to collateral: the part's share, as far as the initial margin stays. */
function releasable(market: MarketState, remainder: PositionState, part: Size, size: Size, price: Price): Quote {
  const initial = initialMargin(remainder.size, price, market.config.maxLeverage);
  const spare = divFloor(equityQCapped(remainder, market, price) - initial, FINE_VALUE_PER_QUOTE);
  return quote(max(0n, min(mulDivFloor(remainder.margin, part, size), spare)));
}

/** A part may be taken: the position is healthy and worth something. */
function checkPartial({ market, position }: TradeState, price: Price): void {
  const healthy = !isLiquidatable(position, market, price, market.config.maintenanceMarginBps);
  requireThat(healthy && equityQCapped(position, market, price) >= 0n, 'OnlyInFull');
}

/** What remains must be a position the market would keep. */
function checkRemainder(market: MarketState, remainder: PositionState, price: Price): void {
  const { minPositionNotional, maintenanceMarginBps } = market.config;
  requireThat(remainder.size * price >= minPositionNotional * ENTRY_VALUE_PER_QUOTE, 'BelowMinNotional');
  requireThat(!isLiquidatable(remainder, market, price, maintenanceMarginBps), 'RemainderUnhealthy');
}

/**
 * A full close beyond the margin, charged the spread only as far as the margin reaches, like fee and impact: bad debt is what is lost at
 * the oracle price. Otherwise insurance would pay the pool for income it never lost, and who owns the pool could fetch it.
 */
function spreadWithinMargin({ market, position }: TradeState, price: Price, atFill: Realised): Realised {
  const atPrice = realise(position, position.size, price, market);
  const net = quote(min(atPrice.net, -position.margin));
  return { ...atFill, realizedPnl: quote(atFill.realizedPnl + net - atFill.net), net };
}

/**
 * Reduces a position by `size`, or closes it. Profit and loss, funding and borrow of the share are realised into the margin, then fee and
 * impact are paid from it, each at most what is left.
 * Errors, in this order: PositionFlat, ZeroAmount, SizeExceedsPosition, InvalidFillPrice, SlippageExceeded, OnlyInFull, NeedsInsurance,
 * PoolShort, BelowMinNotional, RemainderUnhealthy.
 */
export function reduce(
  state: TradeState,
  oracle: OraclePrice,
  request: ReduceRequest,
  insurance: InsuranceState | null = null,
): Reduced {
  const { market, position, account } = state;
  const { size } = request;
  requireThat(position.size > 0n, 'PositionFlat');
  requireThat(size > 0n, 'ZeroAmount');
  requireThat(size <= position.size, 'SizeExceedsPosition');
  const costs = reduceCosts(market, position, oracle, size);
  const { worstPrice } = request;
  if (worstPrice !== null)
    checkWorstPrice(closingTrade(position.side), size, costs.fillPrice, costs.impact, worstPrice);
  const isAll = size === position.size;
  if (!isAll) checkPartial(state, oracle.price);
  const atFill = realise(position, size, costs.fillPrice, market);
  const carried = position.margin + atFill.net >= 0n;
  requireThat(isAll || carried, 'OnlyInFull');
  const realised = carried ? atFill : spreadWithinMargin(state, oracle.price, atFill);
  const moved = moveNet({ market, insurance }, position.margin, realised.net, false);
  const fee = min(costs.fee, moved.marginLeft);
  const paidImpact = min(costs.impact, quote(moved.marginLeft - fee));
  const marginLeft = quote(moved.marginLeft - fee - paidImpact);
  const remainder = { ...realised.remainder, margin: marginLeft };
  const released = isAll ? marginLeft : releasable(market, remainder, size, position.size, oracle.price);
  const after = isAll ? flattened(position) : { ...remainder, margin: quote(marginLeft - released) };
  if (!isAll) checkRemainder(market, after, oracle.price);
  const paid = creditPool(creditFee(moved.market, fee), paidImpact);
  return {
    market: replaceInTotals(paid, position.side, position, after),
    position: { ...after, seq: position.seq + 1n },
    account: credited(account, released),
    insurance: moved.insurance,
    fillPrice: costs.fillPrice,
    realizedPnl: realised.realizedPnl,
    funding: realised.funding,
    borrow: realised.borrow,
    fee,
    impact: paidImpact,
    marginReleased: released,
    badDebt: moved.badDebt,
  };
}

/**
 * Closes a position that can win nothing more, in full, at the oracle price, without fee or impact; anyone may do it.
 * Errors: PositionFlat, NotCapped, NeedsInsurance, PoolShort.
 */
export function closeCapped(state: TradeState, oracle: OraclePrice, insurance: InsuranceState | null = null): Reduced {
  const { market, position, account } = state;
  requireThat(position.size > 0n, 'PositionFlat');
  requireThat(isCapped(position, oracle.price), 'NotCapped');
  const realised = realise(position, position.size, oracle.price, market);
  const moved = moveNet({ market, insurance }, position.margin, realised.net, false);
  const after = flattened(position);
  return {
    market: replaceInTotals(moved.market, position.side, position, after),
    position: { ...after, seq: position.seq + 1n },
    account: credited(account, moved.marginLeft),
    insurance: moved.insurance,
    fillPrice: oracle.price,
    realizedPnl: realised.realizedPnl,
    funding: realised.funding,
    borrow: realised.borrow,
    fee: quote(0n),
    impact: quote(0n),
    marginReleased: moved.marginLeft,
    badDebt: moved.badDebt,
  };
}
