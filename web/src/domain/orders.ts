import type { OrderDto } from '#shared/protocol/orders.ts';

/** Orders kept on screen, newest first. */
const ordersMax = 300;

/** The list with a new or changed order. An answer that is older than what is known changes nothing. */
export function upsertOrder(orders: readonly OrderDto[], order: OrderDto): OrderDto[] {
  const index = orders.findIndex((known) => known.order_id === order.order_id);
  const known = orders[index];
  if (known === undefined) return [order, ...orders].slice(0, ordersMax);
  return known.version > order.version ? [...orders] : orders.with(index, order);
}

/** Still waiting for its execution. */
export const isOpenOrder = (order: OrderDto): boolean => order.status === 'pending';

/** A cancel may still win against the execution. */
export const isCancellable = (order: OrderDto): boolean => isOpenOrder(order) && order.stage !== 'submitted';
