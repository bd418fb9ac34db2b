import { max, min } from '#shared/money/divide.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';

import type { TicketContext } from './context.ts';
import { takesLimit, takesStop, type TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

/** The fields that belong to an order's type. Null while one of them is missing. */
type TypedFields = Pick<PlaceOrderRequest, 'order_type' | 'price' | 'stop_price' | 'max_slippage_bps'>;

/**
 * The order to send; null while a figure of it is missing. What the exchange refuses for its form never comes out: prices and expiry only
 * with the types they belong to, exits only with what may open something, a leverage within the market's bounds, reduce-only against a position.
 */
export function orderRequestOf(
  state: TicketState,
  context: TicketContext,
  summary: TicketSummary,
): PlaceOrderRequest | null {
  const { size, timeInForce, expiresAtMs } = summary;
  const leverage = leverageOf(context, summary);
  const typed = typedFields(state, summary);
  if (size === null || size === 0n || leverage === null || typed === null) return null;
  if (state.reduceOnly && !summary.against) return null;
  if (timeInForce === 'gtt' && (expiresAtMs === null || expiresAtMs <= (context.nowMs ?? 0))) return null;
  const reduceOnly = state.reduceOnly || mustSayReduceOnly(state, context, summary);
  return {
    symbol: context.market.symbol,
    side: state.side,
    ...typed,
    quantity: size,
    reduce_only: reduceOnly,
    ...leverage,
    time_in_force: timeInForce,
    ...(expiresAtMs === null ? {} : { expires_at: new Date(expiresAtMs).toISOString() }),
    ...exitFields(summary),
    ...(state.analysisId === null ? {} : { analysis_id: state.analysisId }),
  };
}

/**
 * While the price is not good enough to open at, the exchange takes a market order only if it says itself that it closes and nothing else:
 * the ticket says so for one that, as shown, does nothing else.
 */
export const mustSayReduceOnly = (state: TicketState, context: TicketContext, summary: TicketSummary): boolean =>
  state.orderType === 'market' && summary.against && !summary.opens && context.live?.state !== 'ok';

function typedFields(state: TicketState, summary: TicketSummary): TypedFields | null {
  const { limitPrice, stopPrice, slippageBps, stopLoss } = summary;
  const { orderType } = state;
  if (takesLimit(orderType) && limitPrice === null) return null;
  if (takesStop(orderType) && stopPrice === null) return null;
  // What executes at the market is bounded by the slippage; so is the stop-loss that an order brings.
  const isBounded = !takesLimit(orderType) || stopLoss !== null;
  if (isBounded && (slippageBps === null || slippageBps > slippageBpsFormMax)) return null;
  return {
    order_type: orderType,
    ...(limitPrice === null ? {} : { price: limitPrice }),
    ...(stopPrice === null ? {} : { stop_price: stopPrice }),
    ...(isBounded ? { max_slippage_bps: Number(slippageBps) } : {}),
  };
}

/** Highest slippage that an order may carry at all. */
const slippageBpsFormMax = 10_000n;

/** Leverage means something where the order opens; where it only closes, what was left in the field must not stop it. */
function leverageOf(
  { market }: TicketContext,
  { leverageE2, opens }: TicketSummary,
): Pick<PlaceOrderRequest, 'leverage'> | null {
  if (leverageE2 === null || leverageE2 === 0n) return opens ? null : {};
  const highest = BigInt(market.parameters?.max_leverage ?? 1) * 100n;
  if (opens && leverageE2 > highest) return null;
  return { leverage: Number(max(1n, min(leverageE2, highest))) };
}

/** Read only where the order opens something, hence never beside reduce-only. */
const exitFields = ({ takeProfit, stopLoss }: TicketSummary): Pick<PlaceOrderRequest, 'take_profit' | 'stop_loss'> => ({
  ...(takeProfit === null ? {} : { take_profit: takeProfit }),
  ...(stopLoss === null ? {} : { stop_loss: stopLoss }),
});
