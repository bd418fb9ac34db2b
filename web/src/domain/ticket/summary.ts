import { divFloor, max, min, mulDivCeil, mulDivFloor } from '#shared/money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  LEVERAGE_DECIMALS,
  PRICE_DECIMALS,
  QUOTE_DECIMALS,
  SIZE_DECIMALS,
  bps,
  entryValue,
  indexValue,
  price as toPrice,
  quote,
  size as toSize,
  type Price,
  type Quote,
  type Size,
} from '#shared/money/units.ts';
import { openingMargin } from '#shared/perps/equity.ts';
import { tradingFee } from '#shared/perps/fee.ts';
import { liquidationPrice } from '#shared/perps/liquidation.ts';
import { notional as notionalOf } from '#shared/perps/notional.ts';
import { FLAT_POSITION, closingTrade, sideOf } from '#shared/perps/side.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';

import { readDecimalInput } from '../decimal-input.ts';
import { oraclePriceOf, type TicketContext } from './context.ts';
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
  /** The trade price with the spread, as far as it is known: all of the costs are reckoned at it. */
  readonly fillPrice: Price | null;
  readonly notional: Quote | null;
  readonly fee: Quote | null;
  /** Collateral the order locks; 0 for an order that only reduces. */
  readonly margin: Quote | null;
  readonly liquidationPrice: Price | null;
  /** A limit order that the price of now does not meet: it would wait, so what it would do now says nothing. */
  readonly rests: boolean;
  /** The order is against the open position. */
  readonly reduces: boolean;
  readonly sizeMax: Size | null;
}

/**
 * Held back from the largest size of a market order: it executes at a later second than the one on screen, and must still be paid
 * for if the price has moved against it by then.
 */
const marketCushionBps = 50n;
const leverageScale = 100n;

const noIndexes = { fundingIndex: indexValue(0n), borrowIndex: indexValue(0n) };

function readSize(state: TicketState, tradePrice: Price | null, places: number): Size | null {
  if (state.sizeUnit === 'base') {
    const typed = readDecimalInput(state.sizeText, SIZE_DECIMALS);
    return typed === null ? null : toSize(typed);
  }
  const worth = readDecimalInput(state.sizeText, QUOTE_DECIMALS);
  if (worth === null || tradePrice === null) return null;
  return roundDown(toSize(divFloor(worth * ENTRY_VALUE_PER_QUOTE, tradePrice)), places);
}

/** Drops the digits that the market does not show. */
function roundDown(size: Size, places: number): Size {
  const step = 10n ** BigInt(SIZE_DECIMALS - places);
  return toSize(size - (size % step));
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

/** Known distance of the fill from the trade price: an order that rests fills at its limit, spread included. */
const spreadOf = (context: TicketContext, tradePrice: Price): Price =>
  tradePrice === oraclePriceOf(context) && context.spread !== undefined && context.spread < tradePrice
    ? context.spread
    : toPrice(0n);

function fillPriceOf(state: TicketState, context: TicketContext, tradePrice: Price): Price {
  const spread = spreadOf(context, tradePrice);
  return toPrice(state.side === 'buy' ? tradePrice + spread : tradePrice - spread);
}

/** The largest opening that the free collateral pays for: margin at the dearer fill, the loss of the spread, and the fee. */
function openingMax(context: TicketContext, tradePrice: Price, leverageE2: bigint, cushioned: boolean): Size {
  const available = context.available ?? quote(0n);
  const usable = cushioned ? mulDivFloor(available, BPS_SCALE - marketCushionBps, BPS_SCALE) : available;
  const feeBps = BigInt(context.market.parameters?.fee_bps ?? 0);
  const spread = spreadOf(context, tradePrice);
  const scale = leverageE2 * BPS_SCALE;
  const perSize = (tradePrice + spread) * (leverageScale * BPS_SCALE + feeBps * leverageE2) + spread * scale;
  const payable = mulDivFloor(usable * ENTRY_VALUE_PER_QUOTE, scale, perSize);
  return roundDown(toSize(payable), context.market.size_decimals);
}

interface Costs {
  readonly fillPrice: Price | null;
  readonly notional: Quote | null;
  readonly fee: Quote | null;
  readonly margin: Quote | null;
  readonly liquidationPrice: Price | null;
}

const noCosts: Costs = { fillPrice: null, notional: null, fee: null, margin: null, liquidationPrice: null };

function costsOf(
  state: TicketState,
  context: TicketContext,
  figures: Pick<TicketSummary, 'size' | 'tradePrice' | 'leverageE2' | 'reduces'>,
): Costs {
  const { size, tradePrice, leverageE2, reduces } = figures;
  const parameters = context.market.parameters;
  if (size === null || size === 0n || tradePrice === null || parameters === null) return noCosts;
  const fillPrice = fillPriceOf(state, context, tradePrice);
  const shared = {
    fillPrice,
    notional: notionalOf(size, fillPrice),
    fee: tradingFee(size, fillPrice, bps(BigInt(parameters.fee_bps))),
  };
  if (reduces || state.reduceOnly)
    return { ...shared, margin: quote(0n), liquidationPrice: context.position?.liquidation_price ?? null };
  if (leverageE2 === null || leverageE2 === 0n) return { ...shared, margin: null, liquidationPrice: null };
  const side = sideOf(state.side);
  const margin = openingMargin({
    side,
    size,
    price: tradePrice,
    fillPrice,
    // The reserve bounds a profit; the spread only ever causes a loss.
    reserve: quote(0n),
    leverageE2,
  });
  const opened = { ...FLAT_POSITION, side, size, entryValue: entryValue(size * fillPrice), margin };
  const combined = context.position === undefined ? opened : add(opened, context.position);
  return {
    ...shared,
    margin,
    liquidationPrice: liquidationPrice(combined, noIndexes, bps(BigInt(parameters.maintenance_margin_bps))),
  };
}

/** The position after an increase, as far as its figures on screen tell. */
function add(opened: typeof FLAT_POSITION, position: NonNullable<TicketContext['position']>): typeof FLAT_POSITION {
  return {
    ...opened,
    size: toSize(opened.size + position.size),
    entryValue: entryValue(opened.entryValue + position.size * position.entry_price),
    margin: quote(opened.margin + position.margin_used - position.funding_owed - position.borrow_owed),
  };
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
  const reduces = context.position !== undefined && closingTrade(context.position.side) === state.side;
  const sizeMax = sizeMaxOf(state, context, { tradePrice, leverageE2, reduces });
  const worstPrice = worstPriceOf(state, oracle, limitPrice, slippageBps);
  const figures = { size, limitPrice, leverageE2, slippageBps, tradePrice, worstPrice, rests, reduces, sizeMax };
  return { ...figures, ...costsOf(state, context, figures) };
}

function sizeMaxOf(
  state: TicketState,
  context: TicketContext,
  figures: Pick<TicketSummary, 'tradePrice' | 'leverageE2' | 'reduces'>,
): Size | null {
  if (figures.reduces) return context.position?.size ?? null;
  if (state.reduceOnly || figures.tradePrice === null || figures.leverageE2 === null || context.available === undefined)
    return null;
  return openingMax(context, figures.tradePrice, figures.leverageE2, state.orderType === 'market');
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
