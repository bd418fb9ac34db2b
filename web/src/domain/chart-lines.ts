import { abs } from '#shared/money/divide.ts';
import { PRICE_DECIMALS, price as toPrice, type Price } from '#shared/money/units.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import { texts } from '../i18n/index.ts';
import { exitReach } from './exits.ts';
import { formatSize } from './format.ts';
import { isCancellable, isOpenOrder } from './orders.ts';

export type LineKind = 'entry' | 'liquidation' | 'limit' | 'stop' | 'takeProfit' | 'stopLoss' | 'cited';
/** The prices of an order. */
export type OrderPrice = 'price' | 'stop_price' | 'take_profit' | 'stop_loss';
export type LineTone = 'accent' | 'up' | 'down' | 'warn';

/** What a moved line changes: a price of an order, or an exit that the position does not have yet. */
export type LineTarget =
  | {
      readonly of: 'order';
      readonly orderId: string;
      readonly field: OrderPrice;
    }
  | { readonly of: 'position'; readonly positionId: string; readonly field: 'take_profit' | 'stop_loss' };

/** A price of the trader's own on the chart. */
export interface ChartLine {
  /** The same as long as it is about the same thing, wherever it lies. */
  readonly id: string;
  readonly kind: LineKind;
  readonly price: Price;
  readonly label: string;
  readonly tone: LineTone;
  /** Null: it cannot be moved. */
  readonly target: LineTarget | null;
  /** The order it belongs to. */
  readonly order: OrderDto | null;
}

/** Lines drawn at once; a screen shows no more apart from each other. */
const linesMax = 40;

const t = texts.chart.lines;

function positionLines(position: PositionDto, places: number): ChartLine[] {
  const side = position.side === 'long' ? texts.common.long : texts.common.short;
  const entry: ChartLine = {
    id: 'entry',
    kind: 'entry',
    price: position.entry_price,
    label: t.entry(side, formatSize(position.size, places)),
    tone: 'accent',
    target: null,
    order: null,
  };
  if (position.liquidation_price === null) return [entry];
  const price = position.liquidation_price;
  return [entry, { ...entry, id: 'liquidation', kind: 'liquidation', price, label: t.liquidation, tone: 'warn' }];
}

/** The line of an order's price. */
export const lineIdOf = (order: Pick<OrderDto, 'order_id'>, field: OrderPrice): string => `${order.order_id}/${field}`;

/** A price of an order as a line; null where the order has none there. */
function orderLine(
  order: OrderDto,
  field: OrderPrice,
  look: Pick<ChartLine, 'kind' | 'label' | 'tone'>,
): ChartLine | null {
  const price = order[field];
  if (price === null) return null;
  const target = isCancellable(order) ? ({ of: 'order', orderId: order.order_id, field } as const) : null;
  return { id: lineIdOf(order, field), price, target, order, ...look };
}

function orderLines(order: OrderDto, position: PositionDto | undefined, places: number): ChartLine[] {
  const size = formatSize(exitReach(order, position)?.size ?? order.quantity - order.filled_quantity, places);
  const trade = order.side === 'buy' ? texts.common.buy : texts.common.sell;
  const tone = order.side === 'buy' ? 'up' : 'down';
  const exits = [
    orderLine(order, 'take_profit', { kind: 'takeProfit', label: t.exitOf(t.takeProfit, trade), tone: 'up' }),
    orderLine(order, 'stop_loss', { kind: 'stopLoss', label: t.exitOf(t.stopLoss, trade), tone: 'down' }),
  ];
  if (order.exit_kind !== null) {
    const isProfit = order.exit_kind === 'take_profit';
    const label = t.sized(isProfit ? t.takeProfit : t.stopLoss, size);
    const look = { kind: isProfit ? 'takeProfit' : 'stopLoss', label, tone: isProfit ? 'up' : 'down' } as const;
    return [orderLine(order, isProfit ? 'price' : 'stop_price', look)].filter((line) => line !== null);
  }
  return [
    orderLine(order, 'stop_price', { kind: 'stop', label: t.sized(t.stop(trade), size), tone: 'warn' }),
    orderLine(order, 'price', { kind: 'limit', label: t.sized(trade, size), tone }),
    ...exits,
  ].filter((line) => line !== null);
}

/** Everything of the trader's own that has a price in this market: what the position is, and what its orders wait for. */
export function chartLines(
  position: PositionDto | undefined,
  orders: readonly OrderDto[],
  market: { readonly symbol: string; readonly sizeDecimals: number },
): ChartLine[] {
  const waiting = orders.filter(
    (order) => order.symbol === market.symbol && order.intent === 'trade' && isOpenOrder(order),
  );
  return [
    ...(position === undefined ? [] : positionLines(position, market.sizeDecimals)),
    ...waiting.flatMap((order) => orderLines(order, position, market.sizeDecimals)),
  ].slice(0, linesMax);
}

/** A price that MIKEY speaks of, drawn while it is pointed at. */
export const citedLine = (price: Price, label: string): ChartLine => ({
  ...{ id: 'cited', kind: 'cited', price, label, tone: 'accent', target: null, order: null },
});

/** A price of the market's digits: what a place on the screen stands for. Never 0. */
export function snapPrice(price: bigint, places: number): Price {
  const step = 10n ** BigInt(PRICE_DECIMALS - places);
  const snapped = ((price + step / 2n) / step) * step;
  return toPrice(snapped > step ? snapped : step);
}

/** The step of a keyboard: a hundredth of a percent of the price, in digits of the market. */
export const keyStep = (price: Price, places: number): bigint => snapPrice(abs(price) / 10_000n, places);

/** A label that wants to be at a height; pixels. */
export interface PlacedLabel {
  readonly id: string;
  readonly y: number;
}

/**
 * Moves labels apart so that none covers another, in the order of their heights, and keeps them within the chart as far as they fit.
 * A label stays where it wants to be when there is room.
 */
export function stackLabels(wanted: readonly PlacedLabel[], spacing: number, height: number): PlacedLabel[] {
  const placed = [...wanted].sort((a, b) => a.y - b.y);
  let free = spacing / 2;
  const below = placed.map(({ id, y }) => {
    const at = Math.max(y, free);
    free = at + spacing;
    return { id, y: at };
  });
  let limit = height - spacing / 2;
  return below
    .toReversed()
    .map(({ id, y }) => {
      const at = Math.min(y, limit);
      limit = at - spacing;
      return { id, y: at };
    })
    .toReversed();
}
