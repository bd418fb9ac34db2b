import { BPS_SCALE } from '#shared/money/units.ts';
import { divCeil, divFloor, min } from '#shared/money/divide.ts';
import { sideOf } from '#shared/perps/side.ts';
import type { MarketStatus, PositionState, Side } from '#shared/perps/types.ts';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { OrderSide } from './contract.ts';
import type { StoredOrder } from './order-machine.ts';

/**
 * What one order asks of the program. `trade`: buy (long) or sell (short) so much, net; it closes `closes` of an opposite position and opens
 * `opens`. `close`: reduce the position by so much and nothing else, whatever it is by then.
 */
export type TradePlan =
  | {
      readonly kind: 'trade';
      readonly side: Side;
      readonly size: bigint;
      readonly closes: bigint;
      readonly opens: bigint;
    }
  | { readonly kind: 'close'; readonly size: bigint };

type PlannedOrder = Pick<StoredOrder, 'side' | 'quantity' | 'reduceOnly'>;

/**
 * Open, increase, reduce or turn, by the order's side and the position. A reduce-only order, and any opposite one while the market takes no
 * openings, reduces by at most the position. Refusals: TRADING_005.
 */
export function planTrade(
  order: PlannedOrder,
  position: Pick<PositionState, 'side' | 'size'> | null,
  status: MarketStatus,
): Result<TradePlan> {
  const side = sideOf(order.side);
  const { quantity: size } = order;
  const isOpposite = position !== null && position.size > 0n && position.side !== side;
  if (!isOpposite) {
    if (order.reduceOnly) return refuse('TRADING_005', 'There is no position that this order would reduce.');
    return ok({ kind: 'trade', side, size, closes: 0n, opens: size });
  }
  const closes = min(size, position.size);
  if (order.reduceOnly || status !== 'active') return ok({ kind: 'close', size: closes });
  return ok({ kind: 'trade', side, size, closes, opens: size - closes });
}

/** Worst price of a trade: the reference price and the slippage, rounded towards the reference. */
export function worstPriceOf(side: OrderSide, reference: bigint, slippageBps: number): bigint {
  const slippage = BigInt(slippageBps);
  if (side === 'buy') return divFloor(reference * (BPS_SCALE + slippage), BPS_SCALE);
  return divCeil(reference * (BPS_SCALE - slippage), BPS_SCALE);
}
