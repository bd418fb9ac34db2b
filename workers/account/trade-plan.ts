import { BPS_SCALE } from '#shared/money/units.ts';
import { divCeil, divFloor } from '#shared/money/divide.ts';
import type { PositionState } from '#shared/perps/types.ts';
import { refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { OrderSide } from './contract.ts';
import type { StoredOrder } from './order-machine.ts';

/** What one trade does to the position as it stands. */
export type TradePlan =
  | { readonly kind: 'open'; readonly side: 'long' | 'short'; readonly size: bigint }
  | { readonly kind: 'close'; readonly size: bigint };

type PlannedOrder = Pick<StoredOrder, 'side' | 'quantity' | 'reduceOnly'>;

/**
 * Open, increase or reduce, by the order's side and the position. A reduce-only order takes at most the position; a larger opposite one
 * is refused. Refusals: TRADING_005, TRADING_023.
 */
export function planTrade(
  order: PlannedOrder,
  position: Pick<PositionState, 'side' | 'size'> | null,
): Result<TradePlan> {
  const opens = order.side === 'buy' ? 'long' : 'short';
  const isOpposite = position !== null && position.size > 0n && position.side !== opens;
  if (!isOpposite) {
    if (order.reduceOnly) return refuse('TRADING_005', 'There is no position that this order would reduce.');
    return { ok: true, value: { kind: 'open', side: opens, size: order.quantity } };
  }
  if (order.quantity > position.size && !order.reduceOnly) {
    const message = `A ${position.side} position smaller than this order is open. Close it first, or order at most its size.`;
    return refuse('TRADING_023', message);
  }
  const size = order.quantity < position.size ? order.quantity : position.size;
  return { ok: true, value: { kind: 'close', size } };
}

/** Worst price of a trade: the reference price and the slippage, rounded towards the reference. */
export function worstPriceOf(side: OrderSide, reference: bigint, slippageBps: number): bigint {
  const slippage = BigInt(slippageBps);
  if (side === 'buy') return divFloor(reference * (BPS_SCALE + slippage), BPS_SCALE);
  return divCeil(reference * (BPS_SCALE - slippage), BPS_SCALE);
}
