import * as Tabs from '../../ui/tabs.tsx';
import { For, Show, createEffect, createSignal, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useDesk, type Desk } from '../../data/desk.ts';
import { highlighted } from '../../data/highlight.ts';
import { isOpenOrder } from '../../domain/orders.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { AccountGate } from './account-gate.tsx';
import { TableToolsPlace } from './table-tools-place.tsx';

const skeleton = () => <SkeletonRows rows={3} />;
const PositionsTable = deferred(
  () => import('./positions-table.tsx').then((module) => module.PositionsTable),
  skeleton,
);
/** A visitor needs no table to be told that there is none. */
const Positions = () => (
  <AccountGate>
    <PositionsTable />
  </AccountGate>
);
const OrdersTable = deferred(() => import('./orders-table.tsx').then((module) => module.OrdersTable), skeleton);
const OrderHistoryTable = deferred(
  () => import('./order-history-table.tsx').then((module) => module.OrderHistoryTable),
  skeleton,
);
const FillsTable = deferred(() => import('./fills-table.tsx').then((module) => module.FillsTable), skeleton);
const FundingTable = deferred(() => import('./funding-table.tsx').then((module) => module.FundingTable), skeleton);
const LiquidationsTable = deferred(
  () => import('./liquidations-table.tsx').then((module) => module.LiquidationsTable),
  skeleton,
);

const tabs = [
  { value: 'positions', label: texts.tabs.positions, counted: true, content: Positions },
  { value: 'orders', label: texts.tabs.orders, counted: true, content: OrdersTable },
  { value: 'history', label: texts.tabs.history, counted: false, content: OrderHistoryTable },
  { value: 'fills', label: texts.tabs.fills, counted: false, content: FillsTable },
  { value: 'funding', label: texts.tabs.funding, counted: false, content: FundingTable },
  { value: 'liquidations', label: texts.tabs.liquidations, counted: false, content: LiquidationsTable },
] as const;

/** Numbers beside the tab names: what is open now. */
function useCounts(desk: Desk) {
  return (tab: string): number => {
    if (tab === 'positions') return desk.own.account.positions?.length ?? 0;
    if (tab === 'orders') return desk.own.account.orders?.filter(isOpenOrder).length ?? 0;
    return 0;
  };
}

/** The trader's tables, one at a time. */
export function AccountTabs(): JSX.Element {
  const desk = useDesk();
  const count = useCounts(desk);
  const [shown, setShown] = createSignal<string>(tabs[0].value);
  // A position that MIKEY cites is brought to sight.
  createEffect(() => highlighted()?.kind === 'position' && setShown('positions'));
  return (
    <Tabs.Root class="panel flex min-h-0 flex-col" value={shown()} onChange={setShown} data-account-tables="">
      <div class="account-bar">
        <Tabs.List class="flex overflow-x-auto" aria-label={texts.tabs.label}>
          <For each={tabs}>
            {(tab) => (
              <Tabs.Trigger class="tab" value={tab.value}>
                {tab.label}
                <Show when={tab.counted}>
                  <span class="ml-1 inline-block min-w-[1.1em] text-left text-ink-3">{count(tab.value)}</span>
                </Show>
              </Tabs.Trigger>
            )}
          </For>
        </Tabs.List>
        <TableToolsPlace awaited={desk.stage() !== 'visitor' && desk.stage() !== 'ended'} />
      </div>
      <For each={tabs}>
        {(tab) => (
          <Tabs.Content value={tab.value} class="account-content min-h-0 flex-1 overflow-auto" tabIndex={0}>
            <AccountGate>
              <Dynamic component={tab.content} />
            </AccountGate>
          </Tabs.Content>
        )}
      </For>
    </Tabs.Root>
  );
}
