import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { For, Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, formatSize } from '../../domain/format.ts';
import { isCancellable } from '../../domain/orders.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Agreement } from './agreement.tsx';
import { cancelOrders } from './all-at-once.ts';
import { orderKind } from './order-cells.tsx';
import { SideTag } from './side-tag.tsx';

/** Cancels all open orders, of one market or of all, after a list of what goes has been agreed to. */
export function CancelAllDialog(props: {
  readonly symbol?: MarketSymbol | undefined;
  readonly onClose: () => void;
}): JSX.Element {
  const desk = useDesk();
  const t = tableTexts.cancelAll;
  const listed = () =>
    (desk.own.account.orders ?? []).filter(
      (order) => isCancellable(order) && (props.symbol === undefined || order.symbol === props.symbol),
    );
  const cancelAll = () => {
    props.onClose();
    cancelOrders(desk, props.symbol);
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={props.symbol === undefined ? t.title : t.titleOne(props.symbol)}
      description={t.text}
      wide
    >
      <ul class="agreed-list" data-testid="cancel-all-list">
        <For each={listed()} fallback={<li class="text-ink-3">{t.none}</li>}>
          {(order) => (
            <li>
              <span class="font-semibold">{order.symbol}</span>
              <SideTag side={order.side} />
              <span class="text-ink-2">{orderKind(order)}</span>
              <Show when={order.exit_kind !== null}>
                <span class="tag" data-tone="warn">
                  {t.exit}
                </span>
              </Show>
              <span class="ml-auto">
                {formatSize(order.quantity, marketOf(order.symbol).sizeDecimals)} {marketOf(order.symbol).base}
              </span>
              <span class="agreed-figure">
                {(order.price ?? order.stop_price) === null
                  ? recordTexts.orders.atMarket
                  : formatPrice(order.price ?? order.stop_price ?? 0n, marketOf(order.symbol).priceDecimals)}
              </span>
            </li>
          )}
        </For>
      </ul>
      <Agreement
        back={t.keep}
        submit={t.submit(listed().length)}
        disabled={listed().length === 0}
        testId="cancel-all-submit"
        onClose={props.onClose}
        onSubmit={cancelAll}
      />
    </Dialog>
  );
}
