import { openingTrade } from '#shared/perps/side.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import { isInFlight } from './orders.ts';

/** What is on its way to change a position. */
export interface PendingWork {
  readonly order: OrderDto;
  readonly kind: 'close' | 'reduce' | 'increase' | 'flip' | 'addMargin' | 'removeMargin';
}

/** What an order that is on its way does to a position. */
function kindOf(order: OrderDto, position: PositionDto): PendingWork['kind'] {
  if (order.intent !== 'trade') return order.intent === 'add_margin' ? 'addMargin' : 'removeMargin';
  if (openingTrade(position.side) === order.side) return 'increase';
  if (order.quantity < position.size) return 'reduce';
  return order.reduce_only || order.quantity === position.size ? 'close' : 'flip';
}

/** Orders on their way that change an open position, oldest first. */
export const workOn = (position: PositionDto, orders: readonly OrderDto[]): PendingWork[] =>
  orders
    .filter((order) => order.symbol === position.symbol && isInFlight(order))
    .map((order) => ({ order, kind: kindOf(order, position) }))
    .reverse();

/** Orders on their way that open a position where there is none: shown as the position that is to come. */
export const openingsUnderWay = (orders: readonly OrderDto[], positions: readonly PositionDto[]): OrderDto[] =>
  orders.filter(
    (order) =>
      order.intent === 'trade' &&
      !order.reduce_only &&
      isInFlight(order) &&
      !positions.some((position) => position.symbol === order.symbol),
  );
