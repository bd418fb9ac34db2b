import * as Tabs from '../../ui/tabs.tsx';
import { For, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { texts } from '../../i18n/pages.ts';
import { deferred } from '../../ui/deferred.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { TableToolsPlace } from '../account/table-tools-place.tsx';
import { TransfersTable } from './transfers-table.tsx';

const skeleton = () => <SkeletonRows rows={3} />;
const OrderHistoryTable = deferred(
  () => import('../account/order-history-table.tsx').then((module) => module.OrderHistoryTable),
  skeleton,
);
const FillsTable = deferred(() => import('../account/fills-table.tsx').then((module) => module.FillsTable), skeleton);
const FundingTable = deferred(
  () => import('../account/funding-table.tsx').then((module) => module.FundingTable),
  skeleton,
);
const LiquidationsTable = deferred(
  () => import('../account/liquidations-table.tsx').then((module) => module.LiquidationsTable),
  skeleton,
);

const tabs = [
  { value: 'transfers', label: texts.portfolio.history.transfers, content: TransfersTable },
  { value: 'orders', label: texts.tabs.history, content: OrderHistoryTable },
  { value: 'fills', label: texts.tabs.fills, content: FillsTable },
  { value: 'funding', label: texts.tabs.funding, content: FundingTable },
  { value: 'liquidations', label: texts.tabs.liquidations, content: LiquidationsTable },
] as const;

/** What happened to the account, list by list: the tables of the trading desk, and what moved in and out. */
export function HistoryPanel(): JSX.Element {
  return (
    <Tabs.Root class="panel" defaultValue="transfers" data-testid="portfolio-history" data-account-tables="">
      <div class="account-bar">
        <Tabs.List class="flex overflow-x-auto" aria-label={texts.portfolio.history.title}>
          <For each={tabs}>
            {(tab) => (
              <Tabs.Trigger class="tab" value={tab.value}>
                {tab.label}
              </Tabs.Trigger>
            )}
          </For>
        </Tabs.List>
        <TableToolsPlace awaited />
      </div>
      <For each={tabs}>
        {(tab) => (
          <Tabs.Content
            value={tab.value}
            class="account-content max-h-[420px] min-h-[160px] overflow-auto"
            tabIndex={0}
          >
            <Dynamic component={tab.content} />
          </Tabs.Content>
        )}
      </For>
    </Tabs.Root>
  );
}
