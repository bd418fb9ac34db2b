import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { Show, type JSX } from 'solid-js';

import { formatDateTime, formatPrice, formatQuote, formatSize } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Pair, type Column } from './data-table.tsx';
import { SideTag } from './side-tag.tsx';

const t = recordTexts.orders;
const own = tableTexts.orderRow;

/** What an order is, in words. */
export function orderKind(order: OrderDto): string {
  if (order.intent !== 'trade') return order.intent === 'add_margin' ? own.marginAdd : own.marginRemove;
  return order.exit_kind === null ? t.types[order.order_type] : own[order.exit_kind];
}

/** What it is bound to: what it closes, and how long it waits. */
export function orderTerms(order: OrderDto): string {
  if (order.exit_kind !== null) return own.closes(texts.ticket.sides[order.side === 'sell' ? 'long' : 'short']);
  const force =
    order.expires_at === null ? own.forces[order.time_in_force] : own.until(formatDateTime(new Date(order.expires_at)));
  const waits = order.order_type === 'market' || order.intent !== 'trade' ? [] : [force];
  return [...(order.reduce_only ? [t.reduceOnly] : []), ...waits].join(' · ');
}

export const priceText = (order: OrderDto, value: bigint | null): string =>
  value === null ? t.atMarket : formatPrice(value, marketOf(order.symbol).priceDecimals);

/** Size of a trade, or the USDC that a change of margin moves. */
export const sizeText = (order: OrderDto): string =>
  order.amount === null
    ? formatSize(order.quantity, marketOf(order.symbol).sizeDecimals)
    : `${formatQuote(order.amount)} USDC`;

const csvPrice = (value: bigint | null): string | null =>
  value === null ? null : formatDecimal(value, PRICE_DECIMALS);

export const marketColumn: Column<OrderDto> = {
  id: 'market',
  label: recordTexts.positions.market,
  cell: (order) => (
    <>
      <span class="mr-2 font-semibold">{order.symbol}</span>
      <Show when={order.intent === 'trade'}>
        <SideTag side={order.side} />
      </Show>
    </>
  ),
  sortBy: ({ symbol }) => symbol,
  csv: [
    { name: 'order_id', value: (order) => order.order_id },
    { name: 'symbol', value: ({ symbol }) => symbol },
    { name: 'side', value: ({ side }) => side },
  ],
};

export const timeColumn: Column<OrderDto> = {
  id: 'time',
  label: t.time,
  cellClass: 'text-ink-2',
  cell: (order) => formatDateTime(new Date(order.created_at)),
  sortBy: ({ created_at: at }) => at,
  csv: [{ name: 'created_at', value: ({ created_at: at }) => at }],
};

export const kindColumn: Column<OrderDto> = {
  id: 'type',
  label: t.type,
  cell: (order) => <Pair over={orderKind(order)} under={<OrderTerms order={order} />} isOptional />,
  csv: [
    { name: 'intent', value: ({ intent }) => intent },
    { name: 'order_type', value: (order) => order.exit_kind ?? order.order_type },
    { name: 'reduce_only', value: (order) => String(order.reduce_only) },
    { name: 'time_in_force', value: (order) => order.time_in_force },
    { name: 'expires_at', value: (order) => order.expires_at },
  ],
};

/** Terms, and the exits that the order brings once it is filled. */
function OrderTerms(props: { readonly order: OrderDto }): JSX.Element {
  const exits = () => {
    const { take_profit: take, stop_loss: stop } = props.order;
    if (take === null && stop === null) return [];
    const text = (value: bigint | null) => (value === null ? '–' : priceText(props.order, value));
    return [own.with(text(take), text(stop))];
  };
  return <>{[orderTerms(props.order), ...exits()].filter((part) => part !== '').join(' · ')}</>;
}

/** Figures of an order in a file. */
export const figureFields = [
  { name: 'price', value: (order: OrderDto) => csvPrice(order.price) },
  { name: 'stop_price', value: (order: OrderDto) => csvPrice(order.stop_price) },
  { name: 'quantity', value: (order: OrderDto) => formatDecimal(order.quantity, SIZE_DECIMALS) },
  {
    name: 'amount',
    value: (order: OrderDto) => (order.amount === null ? null : formatDecimal(order.amount, QUOTE_DECIMALS)),
  },
  { name: 'filled_quantity', value: (order: OrderDto) => formatDecimal(order.filled_quantity, SIZE_DECIMALS) },
] as const;

/** How it ended or how far it is, with the reason. */
export const resultFields = [
  { name: 'average_fill_price', value: (order: OrderDto) => csvPrice(order.average_fill_price) },
  { name: 'fee', value: (order: OrderDto) => formatDecimal(order.fee, QUOTE_DECIMALS) },
  { name: 'stage', value: (order: OrderDto) => order.stage },
  { name: 'reason', value: (order: OrderDto) => order.error?.message ?? null },
  { name: 'transaction_hash', value: (order: OrderDto) => order.transaction_hash },
] as const;
