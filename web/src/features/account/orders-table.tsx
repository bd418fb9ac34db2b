import type { OrderDto } from '#shared/protocol/orders.ts';
import { Show, createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { arrangeOrders, isCancellable, isOpenOrder, partnerOf } from '../../domain/orders.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { askToCancelAll } from './all-at-once.ts';
import { DataTable, csvFieldsOf } from './data-table.tsx';
import { ExportMenu } from './export-menu.tsx';
import { openOrderColumns } from './open-order-columns.tsx';
import { ToTicket } from './to-ticket.tsx';
import { useOrderRow } from './use-order-row.ts';
import { MarketFilter, TableTools, setTableMarket, tableMarket } from './table-tools.tsx';

/** Orders that wait for their execution, those of one position together. */
export function OrdersTable(): JSX.Element {
  const desk = useDesk();
  const t = recordTexts.orders;
  const orders = () => desk.own.account.orders ?? [];
  const all = createMemo(() => arrangeOrders(orders().filter(isOpenOrder)));
  const shown = createMemo(() => {
    const market = tableMarket();
    return market === undefined ? all() : all().filter(({ symbol }) => symbol === market);
  });
  const status = () => {
    if (desk.own.account.orders === undefined) return 'loading';
    return shown().length === 0 ? 'empty' : 'data';
  };
  const rowOf = useOrderRow();
  const groupOf = (order: OrderDto) => (partnerOf(order, orders()) === undefined ? undefined : (order.group_id ?? ''));
  return (
    <>
      <TableTools>
        <Show when={all().length > 0}>
          <Show when={shown().some(isCancellable)}>
            <button
              type="button"
              class="button button-quiet button-small"
              onClick={() => askToCancelAll(desk, tableMarket())}
              data-testid="cancel-all"
            >
              {tableTexts.actions.cancelAll}
            </button>
          </Show>
          <MarketFilter />
          <ExportMenu file="open-orders" fields={csvFieldsOf(openOrderColumns)} shown={shown} />
        </Show>
      </TableTools>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={
          <Show
            when={all().length > 0}
            fallback={
              <Notice title={t.empty} text={t.emptyText}>
                <ToTicket />
              </Notice>
            }
          >
            <Notice title={tableTexts.common.noneHere(tableMarket() ?? '')} text={tableTexts.common.noneHereText}>
              <button type="button" class="button button-small" onClick={() => setTableMarket(undefined)}>
                {tableTexts.common.showAll}
              </button>
            </Notice>
          </Show>
        }
      >
        <DataTable
          label={texts.tabs.orders}
          class="paired"
          columns={openOrderColumns}
          items={shown()}
          rowOf={rowOf}
          rowTestId="order"
          rowData={(order) => ({ symbol: order.symbol, group: groupOf(order) })}
        />
      </PanelState>
    </>
  );
}
