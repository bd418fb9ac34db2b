import type { OrderDto } from '#shared/protocol/orders.ts';
import { marketOf } from '#shared/markets.ts';
import { createEffect, type JSX } from 'solid-js';
import { unwrap } from 'solid-js/store';

import { useDesk } from '../../data/desk.ts';
import { orderHistory, useHistory } from '../../data/history-queries.ts';
import { formatQuote, formatSize, unknownFigure } from '../../domain/format.ts';
import { isFinalOrder } from '../../domain/orders.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Pair, type Column } from './data-table.tsx';
import { openAccountDialog } from './dialogs.ts';
import { HistoryTable } from './history-table.tsx';
import {
  figureFields,
  kindColumn,
  marketColumn,
  priceText,
  resultFields,
  sizeText,
  timeColumn,
} from './order-cells.tsx';
import { tableMarket } from './table-tools.tsx';

const t = tableTexts.history;

const tones: Partial<Record<OrderDto['stage'], 'up' | 'warn'>> = { filled: 'up', rejected: 'warn' };

/** A history is in the order of time: lines are not sorted otherwise, since what is older is not read yet. */
const unsorted = ({ sortBy: _, ...column }: Column<OrderDto>): Column<OrderDto> => column;

const columns: readonly Column<OrderDto>[] = [
  unsorted(marketColumn),
  unsorted(timeColumn),
  kindColumn,
  {
    id: 'price',
    label: `${tableTexts.orderRow.trigger} · ${tableTexts.orderRow.limit}`,
    cell: (order) => (
      <Pair
        over={order.stop_price === null ? unknownFigure : priceText(order, order.stop_price)}
        under={order.intent === 'trade' ? priceText(order, order.price) : unknownFigure}
      />
    ),
    csv: figureFields,
  },
  {
    id: 'size',
    label: tableTexts.orderRow.left,
    cell: (order) => (
      <Pair
        over={sizeText(order)}
        under={order.intent === 'trade' ? formatSize(order.filled_quantity, marketOf(order.symbol).sizeDecimals) : ''}
        isOptional
      />
    ),
  },
  {
    id: 'average',
    label: t.average,
    cell: (order) => (order.average_fill_price === null ? unknownFigure : priceText(order, order.average_fill_price)),
  },
  { id: 'fee', label: t.fee, cell: (order) => formatQuote(order.fee, { rounding: 'ceil' }) },
  {
    id: 'result',
    label: t.result,
    class: 'reason-cell',
    cell: (order) => (
      <span class="reason">
        <span class="tag" data-tone={tones[order.stage]}>
          {recordTexts.orders.stages[order.stage]}
        </span>
        <span class="reason-text" title={order.error?.message}>
          {order.error?.message}
        </span>
      </span>
    ),
    csv: resultFields,
  },
  {
    id: 'details',
    label: tableTexts.common.details,
    isUnnamed: true,
    cell: (order) => (
      <button
        type="button"
        class="button button-small"
        aria-label={tableTexts.orderRow.detailsLabel(order.side, order.symbol)}
        onClick={() => openAccountDialog({ kind: 'order', order })}
        data-testid="order-details"
      >
        {tableTexts.common.details}
      </button>
    ),
  },
];

/** Every order that came to its end, and why. */
export function OrderHistoryTable(): JSX.Element {
  const desk = useDesk();
  const history = useHistory(orderHistory, tableMarket);
  createEffect(() => {
    const market = tableMarket();
    const heard = desk.own.account.orders?.filter(
      (order) => isFinalOrder(order) && (market === undefined || order.symbol === market),
    );
    if (history.rows() !== undefined && heard !== undefined) history.hear(heard.map((order) => ({ ...unwrap(order) })));
  });
  return (
    <HistoryTable
      name={t.title}
      class="paired"
      file="orders"
      history={history}
      columns={columns}
      empty={{ title: t.empty, text: t.emptyText }}
      shows={isFinalOrder}
      rowTestId="past-order"
      rowData={({ symbol }) => ({ symbol })}
    />
  );
}
