import { divFloor, mulDivFloor } from '#shared/money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  SIZE_DECIMALS,
  price as toPrice,
  quote,
  size as toSize,
  type Price,
  type Quote,
  type Size,
} from '#shared/money/units.ts';
import { PerpError, type PerpErrorName } from '#shared/perps/errors.ts';
import { open } from '#shared/perps/position-open.ts';
import { previewOrder } from '#shared/perps/preview.ts';
import { FLAT_POSITION, sideOf } from '#shared/perps/side.ts';
import type { MarketState, OraclePrice, PositionState, TradeSide } from '#shared/perps/types.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';
import { presentPreview } from '#shared/protocol/present/preview.ts';

import type { TicketContext } from './context.ts';
import { marketStateOf, positionStateOf } from './market-state.ts';

/** The figures of a preview, wherever they come from. */
export type PreviewFigures = Omit<PreviewDto, 'warnings'>;

/** What the terminal itself makes of an order, by the mathematics of the program over what is on screen. */
export interface Estimate {
  /** Null: nothing can be computed yet. */
  readonly figures: PreviewFigures | null;
  /** What the program would refuse with; null where it would execute, as far as the screen knows. */
  readonly refusal: PerpErrorName | null;
}

export interface EstimatedOrder {
  readonly side: TradeSide;
  readonly size: Size | null;
  /** Hundredths. */
  readonly leverageE2: bigint | null;
  /** The price the order trades at, before the spread. */
  readonly tradePrice: Price | null;
  /** Null: any price. */
  readonly worstPrice: Price | null;
  readonly reduceOnly: boolean;
  /** A limit that waits for its price: it fills there, spread included. */
  readonly rests: boolean;
}

const none = quote(0n);
const unknown: Estimate = { figures: null, refusal: null };
/** A size that an order of the terminal never reaches, 1e-8. */
const unboundedPrice = toPrice(2n ** 63n);

/** What the mathematics works on: the market and the position as known here, at the price of the order. */
function stateOf(context: TicketContext, order: Pick<EstimatedOrder, 'tradePrice' | 'rests'>) {
  const { live, position: shown, market: dto } = context;
  if (order.tradePrice === null || dto.parameters === null) return null;
  const position = shown === undefined ? null : positionStateOf(shown, dto.parameters.payoff_cap_bps);
  const market = marketStateOf(context, order.tradePrice, position);
  if (market === null) return null;
  const oracle: OraclePrice = {
    price: order.tradePrice,
    conf: order.rests ? toPrice(0n) : (live?.confidence ?? toPrice(0n)),
    ema: order.rests ? order.tradePrice : (live?.ema ?? order.tradePrice),
    publishTime: 0n,
  };
  return { market, position, oracle };
}

/** What the order would do by the figures on screen. */
export function estimateOrder(context: TicketContext, order: EstimatedOrder): Estimate {
  const known = stateOf(context, order);
  if (known === null || order.size === null || order.size === 0n) return unknown;
  try {
    const preview = previewOrder({
      ...known,
      now: 0n,
      account: { collateral: context.available ?? none, seq: 0n },
      others: context.others ?? { margin: none, unrealizedPnl: none },
      insurance: null,
      order: {
        side: order.side,
        size: order.size,
        leverageE2: order.leverageE2 ?? 0n,
        worstPrice: order.rests ? null : order.worstPrice,
        reduceOnly: order.reduceOnly,
      },
    });
    return { figures: presentPreview(preview), refusal: preview.refusal };
  } catch (error) {
    if (error instanceof PerpError) return { figures: null, refusal: error.code };
    throw error;
  }
}

/** Drops the digits that the market does not show. */
export function roundDown(size: Size, places: number): Size {
  const step = 10n ** BigInt(SIZE_DECIMALS - places);
  return toSize(size - (size % step));
}

/**
 * The largest size that `available` opens or adds now: margin, fee, spread and impact paid, every limit of the market kept. 0 where the
 * position may not be increased at all.
 */
export function largestOpening(
  context: TicketContext,
  order: Omit<EstimatedOrder, 'size' | 'worstPrice' | 'reduceOnly'>,
  available: Quote,
): Size {
  const known = stateOf(context, order);
  if (known === null || order.tradePrice === null || order.leverageE2 === null || order.leverageE2 === 0n)
    return toSize(0n);
  const { leverageE2, side } = order;
  const places = context.market.size_decimals;
  const step = 10n ** BigInt(SIZE_DECIMALS - places);
  const fits = (size: bigint) => opens(known, { side, size: toSize(size), leverageE2 }, available);
  // Without costs: nothing larger can be paid for.
  const bound = mulDivFloor(available * ENTRY_VALUE_PER_QUOTE, leverageE2, order.tradePrice * 100n);
  let [low, high] = [0n, divFloor(bound, step)];
  if (fits(high * step)) return toSize(high * step);
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (fits(middle * step)) low = middle;
    else high = middle;
  }
  return toSize(low * step);
}

/**
 * The lowest whole leverage at which `available` pays for this size; null where none does, or where leverage is not what keeps it from being
 * opened.
 */
export function leastLeverage(
  context: TicketContext,
  order: Omit<EstimatedOrder, 'leverageE2' | 'worstPrice' | 'reduceOnly'>,
  available: Quote,
): bigint | null {
  const known = stateOf(context, order);
  const { size, side } = order;
  if (known === null || size === null || size === 0n) return null;
  const fits = (leverage: bigint) => opens(known, { side, size, leverageE2: leverage * 100n }, available);
  let [low, high] = [0n, BigInt(context.market.parameters?.max_leverage ?? 1)];
  if (!fits(high)) return null;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

interface KnownState {
  readonly market: MarketState;
  readonly position: PositionState | null;
  readonly oracle: OraclePrice;
}

/** Whether the program would open this, its minimum aside: a larger size cures that. */
function opens(
  { market, position, oracle }: KnownState,
  request: { readonly side: TradeSide; readonly size: Size; readonly leverageE2: bigint },
  available: Quote,
): boolean {
  const state = { market, position: position ?? FLAT_POSITION, account: { collateral: available, seq: 0n } };
  const worstPrice = request.side === 'buy' ? unboundedPrice : toPrice(0n);
  try {
    open(state, oracle, { ...request, side: sideOf(request.side), worstPrice });
    return true;
  } catch (error) {
    if (error instanceof PerpError) return error.code === 'BelowMinNotional' || request.size === 0n;
    throw error;
  }
}

/** What is left for a market order, which executes at a later second than the one on screen and must be paid for there too. */
export const cushioned = (available: Quote): Quote =>
  quote(mulDivFloor(available, BPS_SCALE - marketCushionBps, BPS_SCALE));
const marketCushionBps = 50n;
