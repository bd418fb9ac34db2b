import * as Tabs from '@kobalte/core/tabs';
import { For, Show, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { useDesk } from '../../data/desk.ts';
import { isOpenOrder } from '../../domain/orders.ts';
import { texts } from '../../i18n/index.ts';
import { FillsTable } from './fills-table.tsx';
import { LiquidationsTable } from './liquidations-table.tsx';
import { OrdersTable } from './orders-table.tsx';
import { PositionsTable } from './positions-table.tsx';

const tabs = [
  { value: 'positions', label: texts.tabs.positions, counted: true, content: PositionsTable },
  { value: 'orders', label: texts.tabs.orders, counted: true, content: OrdersTable },
  { value: 'fills', label: texts.tabs.fills, counted: false, content: FillsTable },
  { value: 'liquidations', label: texts.tabs.liquidations, counted: false, content: LiquidationsTable },
] as const;

/** Numbers beside the tab names: what is open now. */
function useCounts() {
  const desk = useDesk();
  return (tab: string): number => {
    if (tab === 'positions') return desk.own.account.positions?.length ?? 0;
    if (tab === 'orders') return desk.own.account.orders?.filter(isOpenOrder).length ?? 0;
    return 0;
  };
}

/** The trader's tables, one at a time. */
export function AccountTabs(): JSX.Element {
  const count = useCounts();
  return (
    <Tabs.Root class="panel flex min-h-0 flex-col" defaultValue="positions">
      <Tabs.List class="flex shrink-0 overflow-x-auto border-b border-line px-1" aria-label={texts.tabs.label}>
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
      <For each={tabs}>
        {(tab) => (
          <Tabs.Content value={tab.value} class="min-h-0 flex-1 overflow-auto" tabIndex={0}>
            <Dynamic component={tab.content} />
          </Tabs.Content>
        )}
      </For>
    </Tabs.Root>
  );
}
