import { PRICE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { Show, createUniqueId, type JSX } from 'solid-js';

import { cleanDecimalInput } from '../../domain/decimal-input.ts';
import { formatSize, unknownFigure } from '../../domain/format.ts';
import { isAmendable, isCancellable } from '../../domain/orders.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Pair, type Column } from './data-table.tsx';
import { openAccountDialog } from './dialogs.ts';
import { EditIcon, DetailsIcon } from './icons.tsx';
import {
  figureFields,
  kindColumn,
  marketColumn,
  priceText,
  resultFields,
  sizeText,
  timeColumn,
} from './order-cells.tsx';
import type { AmendField, OrderRow } from './use-order-row.ts';

const t = tableTexts.orderRow;

const ofOrder = ({ cell, ...column }: Column<OrderDto>): Column<OrderDto, OrderRow> => ({
  ...column,
  cell: ({ order }) => cell(order),
});

/** Columns of the orders that wait. */
export const openOrderColumns: readonly Column<OrderDto, OrderRow>[] = [
  ofOrder(marketColumn),
  // In a narrow table when it was placed is read in its details.
  { ...ofOrder(timeColumn), class: 'spare' },
  ofOrder(kindColumn),
  {
    id: 'trigger',
    label: t.trigger,
    digits: 9,
    cell: (row) => (
      <Show when={row.order.stop_price !== null} fallback={unknownFigure}>
        <Figure row={row} field="stopPrice" label={t.stopLabel} shown={priceText(row.order, row.order.stop_price)} />
      </Show>
    ),
    sortBy: (order) => order.stop_price,
  },
  {
    id: 'price',
    label: t.limit,
    digits: 9,
    cell: (row) => (
      <Show when={row.order.price !== null} fallback={recordTexts.orders.atMarket}>
        <Figure row={row} field="price" label={t.priceLabel} shown={priceText(row.order, row.order.price)} />
      </Show>
    ),
    sortBy: (order) => order.price,
    csv: figureFields,
  },
  {
    id: 'size',
    label: t.left,
    digits: 9,
    cell: (row) => (
      <Pair
        over={<Figure row={row} field="quantity" label={t.sizeLabel} shown={shownSize(row)} />}
        under={
          row.reach()?.isWhole === true
            ? t.allOfIt
            : formatSize(row.order.filled_quantity, marketOf(row.order.symbol).sizeDecimals)
        }
      />
    ),
    sortBy: (order) => order.quantity,
  },
  {
    id: 'stage',
    label: recordTexts.orders.stage,
    cell: (row) => <Stage row={row} />,
    csv: resultFields,
  },
  {
    id: 'actions',
    label: tableTexts.actions.actionsColumn,
    isUnnamed: true,
    cell: (row) => <Actions row={row} />,
  },
];

/** An exit is shown by what it closes now: it keeps its size when a part of the position goes, and never closes more than is left. */
function shownSize(row: OrderRow): string {
  const reach = row.reach();
  return reach === null ? sizeText(row.order) : formatSize(reach.size, marketOf(row.order.symbol).sizeDecimals);
}

/** How far it is, in words: what was asked of it and is not answered comes first. */
function Stage(props: { readonly row: OrderRow }): JSX.Element {
  return (
    <Show
      when={props.row.command()}
      fallback={<span data-testid="order-stage">{recordTexts.orders.stages[props.row.order.stage]}</span>}
    >
      {(command) => (
        <span class="tag" data-tone={command().stage === 'sending' ? 'accent' : 'warn'} data-stage={command().stage}>
          {texts.inFlight[command().stage]}
        </span>
      )}
    </Show>
  );
}

/** A figure, or the field it is changed in. Enter saves, Escape discards. */
function Figure(props: {
  readonly row: OrderRow;
  readonly field: AmendField;
  readonly label: string;
  readonly shown: string;
}): JSX.Element {
  const id = createUniqueId();
  const decimals = () => (props.field === 'quantity' ? SIZE_DECIMALS : PRICE_DECIMALS);
  return (
    <Show when={props.row.editing()} fallback={<span>{props.shown}</span>}>
      {(typed) => (
        <input
          id={id}
          class="cell-input"
          type="text"
          inputmode="decimal"
          autocomplete="off"
          aria-label={props.label}
          aria-invalid={props.row.problem() !== undefined}
          value={typed()[props.field]}
          data-testid={`amend-${props.field === 'stopPrice' ? 'stop' : props.field}`}
          onInput={(event) => {
            const kept = cleanDecimalInput(event.currentTarget.value, decimals());
            if (kept !== undefined) props.row.type(props.field, kept);
            event.currentTarget.value = typed()[props.field];
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void props.row.save();
            if (event.key === 'Escape') {
              event.stopPropagation();
              props.row.discard();
            }
          }}
        />
      )}
    </Show>
  );
}

function Actions(props: { readonly row: OrderRow }): JSX.Element {
  const order = () => props.row.order;
  const isBusy = () => props.row.command() !== undefined;
  return (
    <div class="row-actions">
      <Show
        when={props.row.editing() === undefined}
        fallback={
          <>
            <button
              type="button"
              class="button button-small button-accent"
              disabled={props.row.problem() !== undefined}
              onClick={() => void props.row.save()}
              data-testid="amend-save"
            >
              {props.row.problem() ?? t.save}
            </button>
            <button type="button" class="button button-small" onClick={() => props.row.discard()}>
              {t.discard}
            </button>
          </>
        }
      >
        <button
          type="button"
          class="button button-quiet button-small more-button"
          aria-label={t.detailsLabel(order().side, order().symbol)}
          title={tableTexts.common.details}
          onClick={() => openAccountDialog({ kind: 'order', order: order() })}
          data-testid="order-details"
        >
          <DetailsIcon />
        </button>
        <button
          type="button"
          class="button button-quiet button-small more-button"
          disabled={isBusy() || !isAmendable(order())}
          aria-label={t.amendLabel(order().side, order().symbol)}
          title={t.amend}
          onClick={(event) => {
            const line = event.currentTarget.closest('tr');
            props.row.edit();
            line?.querySelector<HTMLInputElement>('.cell-input')?.focus();
          }}
          data-testid="amend-order"
        >
          <EditIcon />
        </button>
        <button
          type="button"
          class="button button-small"
          disabled={isBusy() || !isCancellable(order())}
          aria-label={recordTexts.orders.cancelLabel(order().side, order().symbol)}
          onClick={() => void props.row.cancel()}
          data-testid="cancel-order"
        >
          {recordTexts.orders.cancel}
        </button>
      </Show>
    </div>
  );
}
