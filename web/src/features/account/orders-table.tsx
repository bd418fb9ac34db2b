import { marketOf } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { For, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { formatDateTime, formatPrice, formatSize } from '../../domain/format.ts';
import { isCancellable, isOpenOrder } from '../../domain/orders.ts';
import { texts } from '../../i18n/index.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { AccountGate } from './account-gate.tsx';
import { SideTag } from './side-tag.tsx';

/** Orders that wait for their execution. */
export function OrdersTable(): JSX.Element {
  const desk = useDesk();
  const t = texts.orders;
  const open = () => desk.own.account.orders?.filter(isOpenOrder);
  const status = () => {
    const known = open();
    if (known === undefined) return 'loading';
    return known.length === 0 ? 'empty' : 'data';
  };
  return (
    <AccountGate>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
      >
        <table class="grid-table">
          <thead>
            <tr>
              <For each={[texts.positions.market, t.time, t.type, t.price, t.size, t.filled, t.stage]}>
                {(label) => <th scope="col">{label}</th>}
              </For>
              <th scope="col">
                <span class="visually-hidden">{t.cancel}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={open()}>{(order) => <OrderRow order={order} />}</For>
          </tbody>
        </table>
      </PanelState>
    </AccountGate>
  );
}

function OrderRow(props: { readonly order: OrderDto }): JSX.Element {
  const t = texts.orders;
  const market = () => marketOf(props.order.symbol);
  return (
    <tr data-testid="order">
      <td data-label={texts.positions.market}>
        <span class="mr-2 font-semibold">{props.order.symbol}</span>
        <SideTag side={props.order.side} />
      </td>
      <td data-label={t.time} class="text-ink-2">
        {formatDateTime(new Date(props.order.created_at))}
      </td>
      <td data-label={t.type}>
        {t.types[props.order.order_type]}
        {props.order.reduce_only ? ` · ${t.reduceOnly}` : ''}
      </td>
      <td data-label={t.price}>
        {props.order.price === null ? t.atMarket : formatPrice(props.order.price, market().priceDecimals)}
      </td>
      <td data-label={t.size}>{formatSize(props.order.quantity, market().sizeDecimals)}</td>
      <td data-label={t.filled}>{formatSize(props.order.filled_quantity, market().sizeDecimals)}</td>
      <td data-label={t.stage}>{t.stages[props.order.stage]}</td>
      <td>
        <CancelButton order={props.order} />
      </td>
    </tr>
  );
}

function CancelButton(props: { readonly order: OrderDto }): JSX.Element {
  const desk = useDesk();
  const t = texts.orders;
  const [cancelling, setCancelling] = createSignal(false);
  const cancel = async () => {
    setCancelling(true);
    try {
      desk.own.learnOrder(await desk.client.orders.cancel(props.order.order_id));
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: t.cancelFailed, text: errorText(error) });
    } finally {
      setCancelling(false);
    }
  };
  return (
    <button
      type="button"
      class="button button-small"
      disabled={cancelling() || !isCancellable(props.order)}
      aria-label={t.cancelLabel(props.order.side, props.order.symbol)}
      onClick={() => void cancel()}
    >
      {t.cancel}
    </button>
  );
}
