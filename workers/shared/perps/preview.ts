/**
 * What an order would do now: the costs, the position and the account after it, and the name of the refusal it would meet. It runs the very
 * transitions the program runs; where they refuse, the figures say what the order asks for.
 */
import { clamp, divCeil, min } from '../money/divide.ts';
import {
  FINE_VALUE_PER_ENTRY_VALUE,
  type Price,
  type Quote,
  type Size,
  U64_MAX,
  price as toPrice,
  quote,
  size,
} from '../money/units.ts';
import { accrue } from './accrual.ts';
import { leverageMax } from './config.ts';
import { equityQCapped } from './equity.ts';
import { PerpError, type PerpErrorName, requireThat } from './errors.ts';
import { spread } from './fill.ts';
import type { InsuranceState } from './ledger.ts';
import { liquidationPrice } from './liquidation.ts';
import { notional } from './notional.ts';
import { checkActive, checkFresh, checkNearEma } from './oracle.ts';
import { unrealizedPnl } from './pnl.ts';
import {
  type OpenCosts,
  type Reduced,
  type TradeState,
  flip,
  grown,
  open,
  openCosts,
  reduce,
  reduceCosts,
} from './position.ts';
import { FLAT_POSITION, sideOf } from './side.ts';
import type { AccountState, MarketState, OraclePrice, PositionState, TradeSide } from './types.ts';

export interface PreviewOrder {
  readonly side: TradeSide;
  readonly size: Size;
  /** Hundredths: 2000 is 20×. Without meaning for a reduction. */
  readonly leverageE2: bigint;
  /** Null: any price. */
  readonly worstPrice: Price | null;
  /** Takes at most what there is to reduce. */
  readonly reduceOnly: boolean;
}

export interface PreviewInput {
  readonly market: MarketState;
  readonly oracle: OraclePrice;
  /** Clock, seconds since 1970. */
  readonly now: bigint;
  /** Null where there never was one. */
  readonly position: PositionState | null;
  /** Null before the trading account exists: counted as empty. */
  readonly account: AccountState | null;
  /** Margin and unrealised profit of the trader's positions in other markets. */
  readonly others: { readonly margin: Quote; readonly unrealizedPnl: Quote };
  readonly order: PreviewOrder;
  /** Whether a larger opposite order closes and opens the rest. */
  readonly flipAllowed: boolean;
}

export type PreviewIntent = 'open' | 'increase' | 'reduce' | 'close' | 'flip';

export interface Preview {
  readonly intent: PreviewIntent;
  /** The name the program would refuse with; null where it would execute. */
  readonly refusal: PerpErrorName | null;
  readonly oraclePrice: Price;
  readonly fillPrice: Price;
  readonly spread: Price;
  readonly impact: Quote;
  readonly fee: Quote;
  /** Traded size at the fill price. */
  readonly notional: Quote;
  /** Margin of the position after the order. */
  readonly margin: Quote;
  /** Notional of the position after the order over its equity, hundredths, rounded up; the order's own where it closes. */
  readonly leverageE2: bigint;
  readonly liquidationPrice: Price | null;
  /** Of the reduced part: 0 for an opening. */
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
  readonly positionAfter: PositionState;
  readonly accountAfter: {
    /** Collateral, margins and unrealised profit. Negative where the order asks for more than there is. */
    readonly totalBalance: Quote;
    /** Free collateral. Negative by what is missing. */
    readonly availableBalance: Quote;
    readonly marginUsed: Quote;
  };
}

/** What an order comes to, wanted or done. */
interface Outcome {
  readonly fillPrice: Price;
  readonly impact: Quote;
  readonly fee: Quote;
  readonly traded: Size;
  readonly position: PositionState;
  /** May be negative: by what is missing. */
  readonly collateral: bigint;
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
}

const nothing = quote(0n);
/** A preview cannot know what insurance holds when the order executes: it counts on none. */
const emptyInsurance: InsuranceState = { balance: nothing, topupLeft: nothing };
const unboundedWorst = (side: TradeSide): Price => toPrice(side === 'buy' ? U64_MAX : 0n);

function intentOf(position: PositionState, order: PreviewOrder): PreviewIntent {
  const adds = position.size === 0n || position.side === sideOf(order.side);
  requireThat(!(adds && order.reduceOnly), 'PositionFlat');
  if (adds) return position.size === 0n ? 'open' : 'increase';
  if (order.size === position.size || (order.reduceOnly && order.size > position.size)) return 'close';
  return order.size < position.size ? 'reduce' : 'flip';
}

/** The refusal an action ends in, or null. What is no refusal is thrown on. */
function refusalOf(action: () => void): PerpErrorName | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof PerpError) return error.code;
    throw error;
  }
}

/** An opening as it would be, whatever the limits say. */
function wantedOpening(state: TradeState, costs: OpenCosts, order: PreviewOrder): Outcome {
  return {
    ...costs,
    traded: order.size,
    position: grown(state, { side: sideOf(order.side), size: order.size }, costs),
    collateral: state.account.collateral - costs.marginAdded - costs.fee - costs.impact,
    realizedPnl: nothing,
    funding: nothing,
    borrow: nothing,
  };
}

/** A reduction as it would be at any price; null where it is refused all the same. */
function possibleReduction(state: TradeState, oracle: OraclePrice, side: TradeSide, size: Size): Reduced | null {
  try {
    return reduce(state, oracle, { size, worstPrice: unboundedWorst(side) }, emptyInsurance);
  } catch (error) {
    if (error instanceof PerpError) return null;
    throw error;
  }
}

/** A reduction as it would be; where it is impossible, its costs and the position as it is. */
function wantedReduction(state: TradeState, oracle: OraclePrice, side: TradeSide, size: Size): Outcome {
  const done = possibleReduction(state, oracle, side, size);
  if (done !== null) return { ...done, traded: size, collateral: done.account.collateral };
  const costs = reduceCosts(state.market, state.position, oracle, size);
  const unmoved = { realizedPnl: nothing, funding: nothing, borrow: nothing };
  return { ...costs, traded: size, position: state.position, collateral: state.account.collateral, ...unmoved };
}

/** A flip as it would be: the close, then the opening of the rest. */
function wantedFlip(state: TradeState, oracle: OraclePrice, order: PreviewOrder): Outcome {
  const closed = possibleReduction(state, oracle, order.side, state.position.size);
  if (closed === null) return wantedReduction(state, oracle, order.side, state.position.size);
  const rest = { ...order, size: size(order.size - state.position.size) };
  const costs = openCosts(closed.market, oracle, { ...rest, side: sideOf(order.side) });
  const opening = wantedOpening(closed, costs, rest);
  return {
    ...opening,
    traded: order.size,
    impact: quote(closed.impact + opening.impact),
    fee: quote(closed.fee + opening.fee),
    realizedPnl: closed.realizedPnl,
    funding: closed.funding,
    borrow: closed.borrow,
  };
}

interface Plan {
  readonly intent: PreviewIntent;
  readonly outcome: Outcome;
  /** Runs the transition with all its tests. */
  readonly execute: () => void;
}

function plan(state: TradeState, input: PreviewInput): Plan {
  const { order, oracle, flipAllowed } = input;
  const intent = intentOf(state.position, order);
  const side = sideOf(order.side);
  const worstPrice = order.worstPrice ?? unboundedWorst(order.side);
  const checkPrice = (): void => checkFresh(oracle, state.market.oracle, input.now);
  const checkRisk = (): void => {
    checkPrice();
    checkNearEma(oracle, state.market.oracle);
  };
  const request = { side, size: order.size, leverageE2: order.leverageE2, worstPrice };
  if (intent === 'open' || intent === 'increase') {
    const costs = openCosts(state.market, oracle, request);
    const execute = (): void => {
      checkActive(state.market);
      checkRisk();
      open(state, oracle, request);
    };
    return { intent, outcome: wantedOpening(state, costs, order), execute };
  }
  if (intent === 'flip') {
    const rest = { ...request, size: size(order.size - state.position.size) };
    const execute = (): void => {
      requireThat(flipAllowed, 'SizeExceedsPosition');
      checkActive(state.market);
      checkRisk();
      flip(state, oracle, rest, emptyInsurance);
    };
    return { intent, outcome: wantedFlip(state, oracle, order), execute };
  }
  const part = min(order.size, state.position.size);
  const outcome = wantedReduction(state, oracle, order.side, part);
  const execute = (): void => {
    checkPrice();
    reduce(state, oracle, { size: part, worstPrice }, emptyInsurance);
  };
  return { intent, outcome, execute };
}

/** size · price / equity in hundredths, rounded up, within what a leverage can be; 0 for a flat position. */
export function effectiveLeverageE2(position: PositionState, market: MarketState, price: Price): bigint {
  if (position.size === 0n) return 0n;
  const highest = leverageMax * 100n;
  const equity = equityQCapped(position, market, price);
  if (equity <= 0n) return highest;
  return clamp(divCeil(position.size * price * FINE_VALUE_PER_ENTRY_VALUE * 100n, equity), 1n, highest);
}

function present(input: PreviewInput, market: MarketState, planned: Plan, refusal: PerpErrorName | null): Preview {
  const { order, oracle, others } = input;
  const { intent, outcome } = planned;
  const { position, collateral } = outcome;
  const marginUsed = position.margin + others.margin;
  const unrealized = others.unrealizedPnl + (position.size === 0n ? 0n : unrealizedPnl(position, oracle.price));
  return {
    intent,
    refusal,
    oraclePrice: oracle.price,
    fillPrice: outcome.fillPrice,
    spread: spread(oracle.conf, market.config.kBps),
    impact: outcome.impact,
    fee: outcome.fee,
    notional: notional(outcome.traded, outcome.fillPrice),
    margin: position.margin,
    leverageE2: position.size === 0n ? order.leverageE2 : effectiveLeverageE2(position, market, oracle.price),
    liquidationPrice: liquidationPrice(position, market, market.config.maintenanceMarginBps),
    realizedPnl: outcome.realizedPnl,
    funding: outcome.funding,
    borrow: outcome.borrow,
    positionAfter: position,
    accountAfter: {
      totalBalance: quote(collateral + marginUsed + unrealized),
      availableBalance: quote(collateral),
      marginUsed: quote(marginUsed),
    },
  };
}

/**
 * Previews an order at a price: accrues the market to `now` and runs the transition.
 * Throws PerpError where there is nothing to show: ZeroAmount, LeverageOutOfBounds, InvalidFillPrice, PositionFlat (a reduce-only order
 * that would reduce nothing), MathOverflow. Every other refusal is `refusal`.
 */
export function previewOrder(input: PreviewInput): Preview {
  const { order, oracle, now } = input;
  requireThat(order.size > 0n, 'ZeroAmount');
  const market = accrue(input.market, oracle.price, now);
  const account = input.account ?? { collateral: nothing, seq: 0n };
  const planned = plan({ market, position: input.position ?? FLAT_POSITION, account }, input);
  const refusal = refusalOf(planned.execute);
  return present(input, market, planned, refusal);
}
