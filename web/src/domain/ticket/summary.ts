import { divFloor, max, min, mulDivCeil, mulDivFloor } from '#shared/money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  LEVERAGE_DECIMALS,
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  SIZE_DECIMALS,
  price as toPrice,
  size as toSize,
  type Price,
  type Size,
} from '#shared/money/units.ts';
import { closingTrade } from '#shared/perps/side.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';

import { readDecimalInput } from '../decimal-input.ts';
import { oraclePriceOf, type TicketContext } from './context.ts';
import { cushioned, estimateOrder, largestOpening, roundDown, type Estimate } from './estimate.ts';
import type { TicketState } from './state.ts';

/** What the entered figures mean at the price of now. Null: not entered, or not computable yet. */
export interface TicketSummary {
  readonly size: Size | null;
  readonly limitPrice: Price | null;
  /** Hundredths. */
  readonly leverageE2: bigint | null;
  readonly slippageBps: bigint | null;
  /** The price this order would trade at, before the spread. */
  readonly tradePrice: Price | null;
  /** What a market order accepts at worst; the limit itself for a limit order. */
  readonly worstPrice: Price | null;
  /** A limit order that the price of now does not meet: it would wait, so what it would do now says nothing. */
  readonly rests: boolean;
  /** The order is against the open position: it closes it, or a part, and opens the other side with what is larger. */
  readonly against: boolean;
  /** Something is opened: leverage, collateral and the market's limits matter. */
  readonly opens: boolean;
  /** What the share buttons are a share of: the position where the order is against it, else what can be opened. */
  readonly sizeMax: Size | null;
  /** What the order would do by the figures on screen. */
  readonly estimate: Estimate;
}

function readSize(state: TicketState, tradePrice: Price | null, places: number): Size | null {
  if (state.sizeUnit === 'base') {
    const typed = readDecimalInput(state.sizeText, SIZE_DECIMALS);
    return typed === null ? null : toSize(typed);
  }
  const worth = readDecimalInput(state.sizeText, QUOTE_DECIMALS);
  if (worth === null || tradePrice === null) return null;
  return roundDown(toSize(divFloor(worth * ENTRY_VALUE_PER_QUOTE, tradePrice)), places);
}

/** A limit that the market already meets trades at the oracle price, not at the limit. */
function tradePriceOf(state: TicketState, oracle: Price | undefined, limit: Price | null): Price | null {
  if (state.orderType === 'market') return oracle ?? null;
  if (limit === null) return null;
  if (oracle === undefined) return limit;
  return state.side === 'buy' ? min(limit, oracle) : max(limit, oracle);
}

function worstPriceOf(
  state: TicketState,
  oracle: Price | undefined,
  limit: Price | null,
  slippageBps: bigint | null,
): Price | null {
  if (state.orderType === 'limit') return limit;
  if (oracle === undefined || slippageBps === null) return null;
  return state.side === 'buy'
    ? toPrice(mulDivFloor(oracle, BPS_SCALE + slippageBps, BPS_SCALE))
    : toPrice(mulDivCeil(oracle, max(0n, BPS_SCALE - slippageBps), BPS_SCALE));
}

/** Reads the ticket at the price of now. */
export function summarizeTicket(state: TicketState, context: TicketContext): TicketSummary {
  const oracle = oraclePriceOf(context);
  const typedLimit = readDecimalInput(state.limitPriceText, PRICE_DECIMALS);
  const limitPrice = state.orderType === 'limit' && typedLimit !== null && typedLimit > 0n ? toPrice(typedLimit) : null;
  const leverageE2 = readDecimalInput(state.leverageText, LEVERAGE_DECIMALS);
  const slippageBps = readDecimalInput(state.slippageText, 2);
  const tradePrice = tradePriceOf(state, oracle, limitPrice);
  const size = readSize(state, tradePrice, context.market.size_decimals);
  const rests = limitPrice !== null && tradePrice !== oracle;
  const { position } = context;
  const against = position !== undefined && closingTrade(position.side) === state.side;
  const opens = !state.reduceOnly && (!against || (size !== null && size > position.size));
  const worstPrice = worstPriceOf(state, oracle, limitPrice, slippageBps);
  const figures = { side: state.side, leverageE2, tradePrice, rests };
  const order = { ...figures, size, worstPrice, reduceOnly: state.reduceOnly };
  return {
    size,
    limitPrice,
    leverageE2,
    slippageBps,
    tradePrice,
    worstPrice,
    rests,
    against,
    opens,
    sizeMax: sizeMaxOf(state, context, { ...figures, against }),
    estimate: estimateOrder(context, order),
  };
}

function sizeMaxOf(
  state: TicketState,
  context: TicketContext,
  figures: Pick<TicketSummary, 'tradePrice' | 'leverageE2' | 'against' | 'rests'>,
): Size | null {
  if (figures.against) return context.position?.size ?? null;
  if (state.reduceOnly || figures.tradePrice === null || figures.leverageE2 === null || context.available === undefined)
    return null;
  const payable = state.orderType === 'market' ? cushioned(context.available) : context.available;
  return largestOpening(context, { ...figures, side: state.side }, payable);
}

/** The part of the largest size that a share button fills in: all digits for a whole position, the market's digits else. */
export function sizeOfShare(summary: TicketSummary, context: TicketContext, sharePercent: number): Size | null {
  if (summary.sizeMax === null) return null;
  if (sharePercent === 100) return summary.sizeMax;
  return roundDown(toSize(mulDivFloor(summary.sizeMax, BigInt(sharePercent), 100n)), context.market.size_decimals);
}

/** The order to send; null while a figure of it is missing. */
export function orderRequestOf(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
): PlaceOrderRequest | null {
  const { size, limitPrice, leverageE2, slippageBps } = summary;
  if (size === null || size === 0n || leverageE2 === null || leverageE2 === 0n) return null;
  const shared = {
    symbol: context.market.symbol,
    side: state.side,
    quantity: size,
    reduce_only: state.reduceOnly,
    leverage: Number(leverageE2),
    time_in_force: 'gtc' as const,
  };
  if (state.orderType === 'limit')
    return limitPrice === null ? null : { ...shared, order_type: 'limit', price: limitPrice };
  return slippageBps === null ? null : { ...shared, order_type: 'market', max_slippage_bps: Number(slippageBps) };
}
