/** What an order asks for, whatever the limits say: the figures of a preview (`preview.ts`). */
import { type Price, type Quote, type Size, U64_MAX, price as toPrice, quote, size } from '../money/units.ts';
import { PerpError } from './errors.ts';
import type { InsuranceState } from './ledger.ts';
import {
  type OpenCosts,
  type OpenRequest,
  type Reduced,
  type TradeState,
  grown,
  openCosts,
  reduce,
  reduceCosts,
} from './position.ts';
import type { OraclePrice, PositionState, TradeSide } from './types.ts';

/** The order itself. */
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

/** What an order is planned with. The market is accrued. */
export interface Planned {
  readonly state: TradeState;
  readonly oracle: OraclePrice;
  readonly now: bigint;
  readonly order: PreviewOrder;
  readonly insurance: InsuranceState;
}

/** What an order comes to, wanted or done. */
export interface Outcome {
  readonly fillPrice: Price;
  readonly impact: Quote;
  readonly fee: Quote;
  readonly closes: Size;
  readonly opens: Size;
  readonly position: PositionState;
  /** May be negative: by what is missing. */
  readonly collateral: bigint;
  readonly marginAdded: Quote;
  readonly marginReleased: Quote;
  readonly realizedPnl: Quote;
  readonly funding: Quote;
  readonly borrow: Quote;
}

const nothing = quote(0n);
const noSize = size(0n);
/** Any price will do. */
export const unboundedWorst = (side: TradeSide): Price => toPrice(side === 'buy' ? U64_MAX : 0n);

/** What is opened, without a bound on its price. */
export type OpeningRequest = Omit<OpenRequest, 'worstPrice'>;

/** An opening as it would be, whatever the limits say. */
export function wantedOpening(state: TradeState, oracle: OraclePrice, request: OpeningRequest): Outcome {
  const costs: OpenCosts = openCosts(state.market, oracle, request);
  return {
    ...costs,
    closes: noSize,
    opens: request.size,
    position: grown(state, request, costs),
    collateral: state.account.collateral - costs.marginAdded - costs.fee - costs.impact,
    marginReleased: nothing,
    realizedPnl: nothing,
    funding: nothing,
    borrow: nothing,
  };
}

/** A reduction as it would be at any price; null where it is refused all the same. */
function possibleReduction({ state, oracle, order, insurance }: Planned, part: Size): Reduced | null {
  try {
    return reduce(state, oracle, { size: part, worstPrice: unboundedWorst(order.side) }, insurance);
  } catch (error) {
    if (error instanceof PerpError) return null;
    throw error;
  }
}

/** A reduction as it would be; where it is impossible, its costs and the position as it is. */
export function wantedReduction(planned: Planned, part: Size): Outcome {
  const { state, oracle } = planned;
  const done = possibleReduction(planned, part);
  const { fillPrice, impact, fee } = done ?? reduceCosts(state.market, state.position, oracle, part);
  return {
    fillPrice,
    impact,
    fee,
    closes: part,
    opens: noSize,
    position: done?.position ?? state.position,
    collateral: (done ?? state).account.collateral,
    marginAdded: nothing,
    marginReleased: done?.marginReleased ?? nothing,
    realizedPnl: done?.realizedPnl ?? nothing,
    funding: done?.funding ?? nothing,
    borrow: done?.borrow ?? nothing,
  };
}

/** A flip as it would be: the close, then the opening of the rest. */
export function wantedFlip(planned: Planned, rest: OpeningRequest): Outcome {
  const { state, oracle } = planned;
  const closed = possibleReduction(planned, state.position.size);
  if (closed === null) return wantedReduction(planned, state.position.size);
  const opening = wantedOpening(closed, oracle, rest);
  return {
    ...opening,
    closes: state.position.size,
    // One instruction is one command.
    position: { ...opening.position, seq: closed.position.seq },
    impact: quote(closed.impact + opening.impact),
    fee: quote(closed.fee + opening.fee),
    marginReleased: closed.marginReleased,
    realizedPnl: closed.realizedPnl,
    funding: closed.funding,
    borrow: closed.borrow,
  };
}
