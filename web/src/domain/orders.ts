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

/** Came to its end: nothing of it can change any more. */
export const isFinalOrder = (order: OrderDto): boolean => !isOpenOrder(order);

/** Its figures may be changed while no transaction was signed for it. */
export const isAmendable = (order: OrderDto): boolean =>
  order.intent === 'trade' &&
  order.order_type !== 'market' &&
  (order.stage === 'resting' || order.stage === 'accepted');

/** On its way: it executes, or ends, without anything more being asked for. */
export const isInFlight = (order: OrderDto): boolean =>
  isOpenOrder(order) && order.stage !== 'resting' && (order.order_type === 'market' || order.stage !== 'accepted');

/** In the order in which each group is met first. */
function groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

/** Open orders as they are read: what waits by itself first, newest first; then the exits, those of one position together. */
export function arrangeOrders(orders: readonly OrderDto[]): OrderDto[] {
  const own = orders.filter((order) => order.exit_kind === null);
  const exits = orders.filter((order) => order.exit_kind !== null);
  const groups = groupedBy(exits, (order) => order.position_id ?? order.group_id ?? order.order_id);
  return [...own, ...[...groups.values()].flat()];
}

/** The order that ends, or is lessened, where this one executes. */
export const partnerOf = (order: OrderDto, orders: readonly OrderDto[]): OrderDto | undefined =>
  order.group_id === null
    ? undefined
    : orders.find(
        (other) => other.group_id === order.group_id && other.order_id !== order.order_id && isOpenOrder(other),
      );
