import { min } from '#shared/money/divide.ts';
import { size as toSize, type Price, type Size } from '#shared/money/units.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import { exitResult, fillOf, worstStopResult, type ExitResult } from './exit-result.ts';
import type { TicketContext } from './ticket/context.ts';
import { isOpenOrder } from './orders.ts';

export type ExitKind = 'take_profit' | 'stop_loss';

/** Take-profit and stop-loss that wait for a position. */
export interface PositionExits {
  readonly takeProfit: OrderDto | undefined;
  readonly stopLoss: OrderDto | undefined;
}

export const noExits: PositionExits = { takeProfit: undefined, stopLoss: undefined };

/** The waiting exits of each position, by its id; the newest of a kind where there are several. */
export function exitsByPosition(orders: readonly OrderDto[]): ReadonlyMap<string, PositionExits> {
  const found = new Map<string, PositionExits>();
  for (const order of orders) {
    if (order.exit_kind === null || order.position_id === null || !isOpenOrder(order)) continue;
    const held = found.get(order.position_id) ?? noExits;
    const field = order.exit_kind === 'take_profit' ? 'takeProfit' : 'stopLoss';
    if (held[field] === undefined) found.set(order.position_id, { ...held, [field]: order });
  }
  return found;
}

/** The price at which an exit acts. */
export const exitPrice = (order: OrderDto | undefined): Price | null =>
  order === undefined ? null : (order.price ?? order.stop_price);

/** What an exit closes of the position as it is now. */
export interface ExitReach {
  readonly size: Size;
  /** It closes all of it. */
  readonly isWhole: boolean;
}

/** An exit keeps the size it was given, and closes at most what is left of its position; null for an order that is no exit of it. */
export function exitReach(
  order: Pick<OrderDto, 'exit_kind' | 'position_id' | 'quantity' | 'filled_quantity'>,
  position: Pick<PositionDto, 'id' | 'size'> | undefined,
): ExitReach | null {
  if (order.exit_kind === null || position === undefined || order.position_id !== position.id) return null;
  const left = order.quantity - order.filled_quantity;
  return { size: toSize(min(left, position.size)), isWhole: left >= position.size };
}

/** Why an exit would be refused, or would not do what it is for. */
export type ExitIssue = 'wrongSide' | 'beyondLiquidation';

export interface ExitView {
  /** What closing there comes to. */
  readonly result: ExitResult;
  /** A stop-loss that executes at the worst price its slippage allows, fired by the very price of its trigger; null for a take-profit. */
  readonly worst: ExitResult | null;
  /** |price − mark|. */
  readonly distance: bigint;
  readonly issue: ExitIssue | null;
}

/** What an exit of `part` at a price would do to the position of the context; null before the market and a price are known. */
export function viewExit(
  context: TicketContext & { readonly position: PositionDto },
  kind: ExitKind,
  at: Price,
  part: Size,
  slippageBps: bigint,
): ExitView | null {
  const { position, live } = context;
  const basis = { context, size: part };
  const result = exitResult(basis, at, fillOf[kindNames[kind]]);
  if (result === null || live === undefined) return null;
  const { price: mark } = live;
  const wantsAbove = (position.side === 'long') === (kind === 'take_profit');
  const isBeyond = wantsAbove ? at > mark : at < mark;
  const { liquidation_price: liquidation } = position;
  const isLate =
    kind === 'stop_loss' && liquidation !== null && (position.side === 'long' ? at <= liquidation : at >= liquidation);
  return {
    result,
    worst: kind === 'stop_loss' ? worstStopResult(basis, at, slippageBps) : null,
    distance: at > mark ? at - mark : mark - at,
    issue: !isBeyond ? 'wrongSide' : isLate ? 'beyondLiquidation' : null,
  };
}

/** The kinds of exits as the wire has them, and as the ticket has them. */
export const kindNames = { take_profit: 'takeProfit', stop_loss: 'stopLoss' } as const;
