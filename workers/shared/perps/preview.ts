/**
 * What an order would do now: the costs, the position and the account after it, and the name of the refusal it would meet. It runs the very
 * transitions the program runs, with its tests in its order; where they refuse, the figures say what the order asks for.
 */
import { clamp, divCeil, min } from '../money/divide.ts';
import { FINE_VALUE_PER_ENTRY_VALUE, type Price, type Quote, type Size, quote, size } from '../money/units.ts';
import { accrue } from './accrual.ts';
import { leverageMax } from './config.ts';
import { equityQCapped } from './equity.ts';
import { PerpError, type PerpErrorName, requireThat } from './errors.ts';
import { spread } from './fill.ts';
import type { InsuranceState } from './ledger.ts';
import { liquidationPrice } from './liquidation.ts';
import { notional } from './notional.ts';
import { checkActive, checkFresh, checkNearEma } from './oracle.ts';
import { isCapped, unrealizedPnl } from './pnl.ts';
import { flip, open, reduce } from './position.ts';
import {
  type Outcome,
  type Planned,
  type PreviewOrder,
  unboundedWorst,
  wantedFlip,
  wantedOpening,
  wantedReduction,
} from './preview-outcome.ts';
import { FLAT_POSITION, sideOf } from './side.ts';
import type { AccountState, MarketState, OraclePrice, PositionState } from './types.ts';

export type { PreviewOrder } from './preview-outcome.ts';

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
  /** What may pay where the market's backing does not suffice; null counts on none. */
  readonly insurance: InsuranceState | null;
  readonly order: PreviewOrder;
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
  /** Of the open position, 0 where the order does not reduce. */
  readonly closes: Size;
  /** Opened or added, 0 where the order only reduces. */
  readonly opens: Size;
  /** Taken from collateral into the position's margin. */
  readonly marginAdded: Quote;
  /** Returned to collateral by what is closed, after its result, fee and impact. */
  readonly marginReleased: Quote;
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
  /** The position after the order can win nothing more at this price: anyone may close it. */
  readonly cappedAfter: boolean;
  readonly accountAfter: {
    /** Collateral, margins and unrealised profit. Negative where the order asks for more than there is. */
    readonly totalBalance: Quote;
    /** Free collateral. Negative by what is missing. */
    readonly availableBalance: Quote;
    readonly marginUsed: Quote;
  };
}

const nothing = quote(0n);
const noInsurance: InsuranceState = { balance: nothing, topupLeft: nothing };

/** Errors: SizeExceedsPosition for a reduce-only order that would reduce nothing. */
function intentOf(position: PositionState, order: PreviewOrder): PreviewIntent {
  const adds = position.size === 0n || position.side === sideOf(order.side);
  requireThat(!(adds && order.reduceOnly), 'SizeExceedsPosition');
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

interface Plan {
  readonly intent: PreviewIntent;
  /** What the order asks for. Errors where there is nothing to show. */
  readonly outcome: () => Outcome;
  /** Runs the transition with all the program's tests, in its order. */
  readonly execute: () => void;
}

function planOpening(planned: Planned, intent: 'open' | 'increase'): Plan {
  const { state, oracle, now, order } = planned;
  const request = { side: sideOf(order.side), size: order.size, leverageE2: order.leverageE2 };
  return {
    intent,
    outcome: () => wantedOpening(state, oracle, request),
    execute: () => {
      checkMayTakeRisk(state.market, oracle, now);
      open(state, oracle, { ...request, worstPrice: order.worstPrice ?? unboundedWorst(order.side) });
    },
  };
}

function planFlip(planned: Planned): Plan {
  const { state, oracle, now, order, insurance } = planned;
  const rest = {
    side: sideOf(order.side),
    size: size(order.size - state.position.size),
    leverageE2: order.leverageE2,
  };
  return {
    intent: 'flip',
    outcome: () => wantedFlip(planned, rest),
    execute: () => {
      checkMayTakeRisk(state.market, oracle, now);
      flip(state, oracle, { ...rest, worstPrice: order.worstPrice ?? unboundedWorst(order.side) }, insurance);
    },
  };
}

function planReduction(planned: Planned, intent: 'reduce' | 'close'): Plan {
  const { state, oracle, now, order, insurance } = planned;
  const part = min(order.size, state.position.size);
  return {
    intent,
    outcome: () => wantedReduction(planned, part),
    execute: () => {
      checkFresh(oracle, state.market.oracle, now);
      reduce(state, oracle, { size: part, worstPrice: order.worstPrice ?? unboundedWorst(order.side) }, insurance);
    },
  };
}

/** What the program asks before anything is opened. */
function checkMayTakeRisk(market: MarketState, oracle: OraclePrice, now: bigint): void {
  checkActive(market);
  checkFresh(oracle, market.oracle, now);
  checkNearEma(oracle, market.oracle);
}

function plan(planned: Planned): Plan {
  const intent = intentOf(planned.state.position, planned.order);
  switch (intent) {
    case 'open':
    case 'increase':
      return planOpening(planned, intent);
    case 'flip':
      return planFlip(planned);
    case 'reduce':
    case 'close':
      return planReduction(planned, intent);
  }
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
  const { intent } = planned;
  const { collateral, position, ...outcome } = planned.outcome();
  const isFlat = position.size === 0n;
  const marginUsed = position.margin + others.margin;
  const unrealized = others.unrealizedPnl + (isFlat ? 0n : unrealizedPnl(position, oracle.price));
  return {
    ...outcome,
    intent,
    refusal,
    oraclePrice: oracle.price,
    spread: spread(oracle.conf, market.config.kBps),
    notional: notional(size(outcome.closes + outcome.opens), outcome.fillPrice),
    margin: position.margin,
    leverageE2: isFlat ? order.leverageE2 : effectiveLeverageE2(position, market, oracle.price),
    liquidationPrice: liquidationPrice(position, market, market.config.maintenanceMarginBps),
    positionAfter: position,
    cappedAfter: !isFlat && isCapped(position, oracle.price),
    accountAfter: {
      totalBalance: quote(collateral + marginUsed + unrealized),
      availableBalance: quote(collateral),
      marginUsed: quote(marginUsed),
    },
  };
}

/**
 * Previews an order at a price: accrues the market to `now` and runs the transition.
 * Throws PerpError, of the program's refusal, where there is nothing to show: no size, a leverage out of bounds, a fill at or below zero,
 * a reduce-only order that would reduce nothing (SizeExceedsPosition), an overflow. Every other refusal is `refusal`.
 */
export function previewOrder(input: PreviewInput): Preview {
  const { order, oracle, now } = input;
  const market = accrue(input.market, oracle.price, now);
  const account = input.account ?? { collateral: nothing, seq: 0n };
  const state = { market, position: input.position ?? FLAT_POSITION, account };
  const planned = plan({ state, oracle, now, order, insurance: input.insurance ?? noInsurance });
  const refusal = refusalOf(planned.execute);
  if (order.size === 0n) throw new PerpError(refusal ?? 'ZeroAmount');
  try {
    return present(input, market, planned, refusal);
  } catch (error) {
    // The program's first refusal says more than what kept the figures from being computed.
    if (error instanceof PerpError && refusal !== null) throw new PerpError(refusal);
    throw error;
  }
}
