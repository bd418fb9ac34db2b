import { divFloor, max } from '#shared/money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  PRICE_DECIMALS,
  price as toPrice,
  quote,
  type Price,
  type Quote,
  type Size,
} from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import { reduceCosts } from '#shared/perps/position-reduce.ts';
import { closingTrade } from '#shared/perps/side.ts';
import { realise } from '#shared/perps/reduce.ts';

import type { TicketContext } from './ticket/context.ts';
import { marketStateOf, positionStateOf, type HeldPosition } from './ticket/market-state.ts';
import { worstPriceFrom } from './ticket/summary.ts';

/** A position, held or to be opened, and how much of it an order closes. */
export interface ExitBasis {
  readonly context: Pick<TicketContext, 'market' | 'live' | 'stats'> & { readonly position: HeldPosition };
  readonly size: Size;
}

/**
 * A limit fills at its own price, spread and price impact inside it; what fires at a price fills at the market there, the spread of now and
 * the impact of its size away from it.
 */
export type ExitFill = 'limit' | 'market';

export type ExitKind = 'takeProfit' | 'stopLoss';

export const fillOf: Readonly<Record<ExitKind, ExitFill>> = { takeProfit: 'limit', stopLoss: 'market' };

/**
 * What closing at a price comes to. `net` is the one result that the terminal shows of an exit, wherever it is set: profit or loss from the
 * entry to the fill, less the fee of closing, price impact, and the funding and borrow owed by now. The fee of opening is not in it.
 */
export interface ExitResult {
  readonly net: Quote;
  readonly fillPrice: Price;
  /** Fee of closing there. */
  readonly fee: Quote;
  /** `net` over the margin of the part that is closed, basis points, rounded down; null without margin. */
  readonly marginShareBps: bigint | null;
  /** The profit cap is reached before this price. */
  readonly capped: boolean;
}

/** The result of an exit at a price, by the mathematics of the program. Null where nothing can be computed. */
export function exitResult({ context, size }: ExitBasis, at: Price, fill: ExitFill): ExitResult | null {
  const { position, market: shown, live } = context;
  if (shown.parameters === null) return null;
  const held = positionStateOf(position, shown.parameters.payoff_cap_bps);
  const market = marketStateOf(context, at, held);
  if (market === null || size <= 0n || size > position.size) return null;
  const conf = fill === 'limit' ? noPrice : (live?.confidence ?? noPrice);
  try {
    const costs = reduceCosts(market, held, { price: at, conf, ema: at, publishTime: 0n }, size);
    const { net: realized } = realise(held, size, costs.fillPrice, market);
    const net = quote(realized - costs.fee - (fill === 'limit' ? 0n : costs.impact));
    const margin = (position.margin_used * size) / position.size;
    return {
      net,
      fillPrice: costs.fillPrice,
      fee: costs.fee,
      marginShareBps: margin > 0n ? divFloor(net * BPS_SCALE, margin) : null,
      capped: isCapped(held, at),
    };
  } catch (error) {
    if (error instanceof PerpError) return null;
    throw error;
  }
}

const noPrice = toPrice(0n);

/** The result of a stop-loss that the very price of its trigger fires, and that executes at the worst price its slippage allows. */
export function worstStopResult(basis: ExitBasis, stopLoss: Price, slippageBps: bigint): ExitResult | null {
  const side = closingTrade(basis.context.position.side);
  return exitResult(basis, worstPriceFrom(side, stopLoss, slippageBps), 'limit');
}

/**
 * The price at which an exit wins (take-profit) or loses (stop-loss) a share of the margin, costs included, in the market's digits: at
 * least that gain, at most that loss. Null where no price does: a loss beyond zero or below the costs, a gain beyond the cap.
 */
export function exitPriceOf(basis: ExitBasis, exit: ExitKind, shareBps: bigint, places: number): Price | null {
  const { position } = basis.context;
  const isGain = exit === 'takeProfit';
  const isUp = isGain === (position.side === 'long');
  const step = 10n ** BigInt(PRICE_DECIMALS - places);
  const least = isGain ? shareBps : -shareBps;
  const suffices = (steps: bigint): boolean => {
    const at = max(1n, stepsToPrice(position, steps, isUp, step));
    const share = exitResult(basis, toPrice(at), fillOf[exit])?.marginShareBps;
    return share !== undefined && share !== null && share >= least;
  };
  const farthest = farthestSteps(basis, isGain, shareBps, step);
  if (farthest === null) return null;
  // A gain is the nearest price that suffices, a loss the farthest.
  const [near, far] = [0n, farthest];
  if (!suffices(isGain ? far : near)) return null;
  const found = isGain ? nearest(suffices, near, far) : nearest((steps) => !suffices(steps), near, far + 1n) - 1n;
  const at = stepsToPrice(position, found, isUp, step);
  if (at <= 0n) return null;
  return isGain && exitResult(basis, toPrice(at), fillOf[exit])?.capped === true ? null : toPrice(at);
}

/** A number of steps from the entry, on the market's grid. */
function stepsToPrice({ entry_price: entry }: HeldPosition, steps: bigint, isUp: boolean, step: bigint): bigint {
  const down = (entry / step) * step;
  const from = isUp && down < entry ? down + step : down;
  return isUp ? from + steps * step : from - steps * step;
}

/** Where to look at most: a loss without costs lies farther than one with them, a gain ends at the profit cap. Null: at no price above 0. */
function farthestSteps(
  { context: { position, market } }: ExitBasis,
  isGain: boolean,
  shareBps: bigint,
  step: bigint,
): bigint | null {
  const { entry_price: entry, side } = position;
  const capBps = BigInt(market.parameters?.payoff_cap_bps ?? 0);
  const distance = isGain
    ? (entry * capBps) / BPS_SCALE
    : (position.margin_used * shareBps * ENTRY_VALUE_PER_QUOTE) / (BPS_SCALE * position.size);
  const isDown = isGain === (side === 'short');
  if (isDown && !isGain && distance >= entry) return null;
  const room = isDown && distance >= entry ? entry - 1n : distance;
  return room / step;
}

/** The first of near..far for which the test holds; it holds for `far` and, once held, for all that follow. */
function nearest(holds: (steps: bigint) => boolean, near: bigint, far: bigint): bigint {
  let [low, high] = [near - 1n, far];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
