import type { Refusal } from '#shared/protocol/error-codes.ts';
import { openingTrade } from '#shared/perps/side.ts';
import type { PositionState } from '#shared/perps/types.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { AmendOrderCommand } from './contract.ts';
import { checkExits } from './order-checks.ts';
import type { StoredOrder } from './order-machine.ts';

/** Why an amendment does not fit the kind of order it is for; null when it does. What it comes to is checked like a new order. */
export function refusalOfAmendment(order: StoredOrder, command: AmendOrderCommand): Refusal | null {
  if (order.intent !== 'trade') return invalid('A change of margin cannot be amended.');
  if (command.price !== undefined && order.price === null) return invalid('This order takes no price.');
  if (command.stopPrice !== undefined && order.stopPrice === null) return invalid('This order takes no stop_price.');
  if (command.expiresAtMs !== undefined && order.timeInForce !== 'gtt')
    return invalid('expires_at belongs to time_in_force gtt.');
  const namesExits = (command.takeProfit ?? null) !== null || (command.stopLoss ?? null) !== null;
  if (namesExits && order.reduceOnly) return invalid('An order that only reduces brings no exits.');
  return null;
}

/** An amended exit is held to what one that is set is held to. Refusals: TRADING_025, VALIDATION_005. */
export function refusalOfAmendedExit(
  exit: StoredOrder,
  { quantity }: Pick<AmendOrderCommand, 'quantity'>,
  position: PositionState | null,
  snapshot: MarketSnapshot,
): Refusal | null {
  if (exit.exitKind === null || position === null) return null;
  const own = exit.price ?? exit.stopPrice;
  const isProfit = exit.exitKind === 'take_profit';
  const wish = {
    side: openingTrade(position.side),
    price: null,
    stopPrice: null,
    takeProfit: isProfit ? own : null,
    stopLoss: isProfit ? null : own,
  };
  return checkExits(wish, snapshot) ?? refusalOfExitQuantity(quantity ?? null, position);
}

/** No exit is set for more than its position. Refusals: VALIDATION_005. */
export function refusalOfExitQuantity(quantity: bigint | null, { size }: Pick<PositionState, 'size'>): Refusal | null {
  if (quantity === null || quantity <= size) return null;
  return { code: 'VALIDATION_005', message: 'quantity is more than the position holds.' };
}

const invalid = (message: string): Refusal => ({ code: 'VALIDATION_001', message });
