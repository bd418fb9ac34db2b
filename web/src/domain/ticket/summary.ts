import { divFloor, max, mulDivCeil, mulDivFloor } from '#shared/money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  LEVERAGE_DECIMALS,
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  SIZE_DECIMALS,
  bps,
  price as toPrice,
  size as toSize,
  type Price,
  type Size,
} from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { fillPrice } from '#shared/perps/fill.ts';
import { closingTrade } from '#shared/perps/side.ts';
import type { TradeSide } from '#shared/perps/types.ts';

import { readDecimalInput } from '../decimal-input.ts';
import { oraclePriceOf, type TicketContext } from './context.ts';
import { cushioned, estimateOrder, largestOpening, roundDown, type Estimate } from './estimate.ts';
import { readExpiry } from './expiry.ts';
import { effectiveTimeInForce, takesLimit, takesStop, type TicketState, type TimeInForce } from './state.ts';

/** What the entered figures mean at the price of now. Null: not entered, or not computable yet. */
export interface TicketSummary {
  readonly size: Size | null;
  readonly limitPrice: Price | null;
  /** The trigger of a stop. */
  readonly stopPrice: Price | null;
  /** The price has passed the trigger already: a stop would fire at once. */
  readonly stopReached: boolean;
  /** Hundredths. */
  readonly leverageE2: bigint | null;
  readonly slippageBps: bigint | null;
  readonly timeInForce: TimeInForce;
  /** When an order with an end ends, milliseconds since 1970; null for every other order, and while it cannot be told. */
  readonly expiresAtMs: number | null;
  /** The price this order would trade at, before the spread. */
  readonly tradePrice: Price | null;
  /** What a market order accepts at worst, a stop where the price of its trigger fires it; the limit itself for an order with a limit. */
  readonly worstPrice: Price | null;
  /** The order would wait for its price, so what it would do now says nothing. */
  readonly rests: boolean;
  /** A limit order whose limit the fill of now, spread included, meets already. */
  readonly meetsLimit: boolean;
  /** An immediate-or-cancel limit that the fill of now does not meet: nothing would come of it. */
  readonly misses: boolean;
  /** The order is against the open position: it closes it, or a part, and opens the other side with what is larger. */
  readonly against: boolean;
  /** Something is opened: leverage, collateral and the market's limits matter. */
  readonly opens: boolean;
  /** What the share buttons are a share of: the position where the order is against it, else what can be opened. */
  readonly sizeMax: Size | null;
  readonly takeProfit: Price | null;
  readonly stopLoss: Price | null;
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

/** A price above 0; null for anything else in its field. */
function readPrice(text: string): Price | null {
  const typed = readDecimalInput(text, PRICE_DECIMALS);
  return typed === null || typed === 0n ? null : toPrice(typed);
}

/** Worst price of a trade: the reference price and the slippage, rounded towards the reference, as the exchange does. */
export const worstPriceFrom = (side: TradeSide, reference: Price, slippageBps: bigint): Price =>
  side === 'buy'
    ? toPrice(mulDivFloor(reference, BPS_SCALE + slippageBps, BPS_SCALE))
    : toPrice(mulDivCeil(reference, max(0n, BPS_SCALE - slippageBps), BPS_SCALE));

/** The prices of an order, and which of them it trades at. */
type Prices = Pick<
  TicketSummary,
  | 'limitPrice'
  | 'stopPrice'
  | 'stopReached'
  | 'slippageBps'
  | 'timeInForce'
  | 'tradePrice'
  | 'worstPrice'
  | 'rests'
  | 'meetsLimit'
>;

/** Whether a trade of now, spread included, is as good as the limit: by the fill the exchange decides whether an order waits. */
function isMet(side: TradeSide, limit: Price | null, { live, market }: TicketContext): boolean {
  if (limit === null || live === undefined || market.parameters === null) return false;
  try {
    const fill = fillPrice(side, live.price, live.confidence, bps(BigInt(market.parameters.k_bps)));
    return side === 'buy' ? fill <= limit : fill >= limit;
  } catch (error) {
    if (error instanceof PerpError) return false;
    throw error;
  }
}

function readPrices(state: TicketState, context: TicketContext): Prices {
  const { side, orderType } = state;
  const oracle = oraclePriceOf(context);
  const limitPrice = takesLimit(orderType) ? readPrice(state.limitPriceText) : null;
  const stopPrice = takesStop(orderType) ? readPrice(state.stopPriceText) : null;
  const slippageBps = readDecimalInput(state.slippageText, 2);
  const timeInForce = effectiveTimeInForce(state);
  const stopReached =
    stopPrice !== null && oracle !== undefined && (side === 'buy' ? oracle >= stopPrice : oracle <= stopPrice);
  const meetsLimit = orderType === 'limit' && isMet(side, limitPrice, context);
  const tradePrice = tradePriceOf(state, oracle, { limitPrice, stopPrice, timeInForce, meetsLimit });
  const reference = takesStop(orderType) ? stopPrice : (oracle ?? null);
  const bounded = reference === null || slippageBps === null ? null : worstPriceFrom(side, reference, slippageBps);
  // One whose trigger is passed is held back for that; its figures stay those at the trigger.
  const waits = oracle === undefined || (!meetsLimit && timeInForce !== 'ioc');
  const rests = takesStop(orderType) ? stopPrice !== null : limitPrice !== null && waits;
  const worstPrice = takesLimit(orderType) ? limitPrice : bounded;
  return { limitPrice, stopPrice, stopReached, slippageBps, timeInForce, tradePrice, worstPrice, rests, meetsLimit };
}

/** The price an order trades at: the oracle's, unless it waits for one of its own. A limit that the market already meets trades at the oracle price. */
function tradePriceOf(
  { orderType }: TicketState,
  oracle: Price | undefined,
  {
    limitPrice,
    stopPrice,
    timeInForce,
    meetsLimit,
  }: Omit<Prices, 'tradePrice' | 'worstPrice' | 'rests' | 'stopReached' | 'slippageBps'>,
): Price | null {
  switch (orderType) {
    case 'market':
      return oracle ?? null;
    case 'stop':
      return stopPrice;
    case 'stop_limit':
      return limitPrice ?? stopPrice;
    case 'limit':
      if (limitPrice === null) return null;
      return oracle !== undefined && (meetsLimit || timeInForce === 'ioc') ? oracle : limitPrice;
  }
}

/** Whether the one try of an immediate-or-cancel limit fails: by price and spread, or by what its impact adds. */
const isMiss = (
  { orderType }: TicketState,
  { limitPrice, timeInForce, meetsLimit, rests }: Prices,
  { refusal }: Estimate,
): boolean =>
  orderType === 'limit' &&
  timeInForce === 'ioc' &&
  limitPrice !== null &&
  !rests &&
  (!meetsLimit || refusal === 'SlippageExceeded');

/** Reads the ticket at the price of now. */
export function summarizeTicket(state: TicketState, context: TicketContext): TicketSummary {
  const prices = readPrices(state, context);
  const { tradePrice, worstPrice, rests } = prices;
  const leverageE2 = readDecimalInput(state.leverageText, LEVERAGE_DECIMALS);
  const size = readSize(state, tradePrice, context.market.size_decimals);
  const { position } = context;
  const against = position !== undefined && closingTrade(position.side) === state.side;
  const opens = !state.reduceOnly && (!against || (size !== null && size > position.size));
  const exits = state.exitsOn && opens;
  const figures = { side: state.side, leverageE2, tradePrice, rests };
  const order = { ...figures, size, worstPrice, reduceOnly: state.reduceOnly };
  const estimate = estimateOrder(context, order);
  return {
    ...prices,
    size,
    leverageE2,
    expiresAtMs: prices.timeInForce === 'gtt' ? readExpiry(state, context.nowMs) : null,
    against,
    opens,
    sizeMax: sizeMaxOf(state, context, { ...figures, against }),
    takeProfit: exits ? readPrice(state.takeProfitText) : null,
    stopLoss: exits ? readPrice(state.stopLossText) : null,
    misses: isMiss(state, prices, estimate),
    estimate,
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
