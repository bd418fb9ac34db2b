import type { MarketSymbol } from '#shared/markets.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import * as Tabs from '../../ui/tabs.tsx';
import { useSearchParams } from '@solidjs/router';
import { For, Show, createEffect, createSignal, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { highlighted } from '../../data/highlight.ts';
import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { AccountTabs } from '../account/account-tabs.tsx';
import { BalancePanel } from '../balance/balance-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { Header } from '../header/header.tsx';
import { waitingTicketCommand } from '../ticket/ticket-commands.ts';
import { TicketPanel } from '../ticket/ticket-panel.tsx';
import { DeskHeading } from './desk-heading.tsx';
import { extraPanels } from './extra-panels.ts';

/** One panel at a time, the ticket in a sheet that rises from the buttons that are always there. */
export function PhoneDesk(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const [search] = useSearchParams();
  /** The open ticket, and the side that was pressed for it. */
  const [ticket, setTicket] = createSignal<{ readonly side: TradeSide | undefined } | undefined>();
  const open = (side?: TradeSide) => setTicket({ side });
  const close = () => setTicket(undefined);
  // A price picked in the chart, an order to repeat: the ticket rises to take it.
  createEffect(() => {
    if (waitingTicketCommand() !== undefined) setTicket((shown) => shown ?? { side: undefined });
  });
  return (
    <div class="phone">
      <Header symbol={props.symbol} />
      <Show
        when={search.view !== 'positions'}
        fallback={
          <main id="main" tabIndex={-1} class="mt-1 grid min-h-0">
            <DeskHeading symbol={props.symbol} />
            <AccountTabs />
          </main>
        }
      >
        <Panels symbol={props.symbol} />
      </Show>
      <div class="phone-actions">
        <button type="button" class="button button-up" onClick={() => open('buy')} data-testid="open-buy">
          {texts.ticket.buyLong}
        </button>
        <button type="button" class="button button-down" onClick={() => open('sell')} data-testid="open-sell">
          {texts.ticket.sellShort}
        </button>
      </div>
      <Dialog open={ticket() !== undefined} onClose={close} title={`${texts.tabs.trade} ${props.symbol}`}>
        <div class="-mx-4 -mb-4">
          <TicketPanel symbol={props.symbol} side={ticket()?.side} onSent={close} />
        </div>
      </Dialog>
    </div>
  );
}

/** The chart, the account, and what joined the desk. */
function Panels(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const t = texts.tabs;
  const [chosen, setChosen] = createSignal('chart');
  const known = () => ['chart', 'account', ...extraPanels().map(({ id }) => id)];
  // What MIKEY cites of the market is brought to sight.
  createEffect(() => highlighted() !== undefined && setChosen('chart'));
  /** A panel that has left takes its tab along. */
  const shown = () => (known().includes(chosen()) ? chosen() : 'chart');
  return (
    <Tabs.Root class="phone-panels" value={shown()} onChange={setChosen}>
      <Tabs.List class="panel mt-1 flex rounded-none border-b border-line px-1" aria-label={texts.layout.panels}>
        <Tabs.Trigger class="tab flex-1" value="chart">
          {t.chart}
        </Tabs.Trigger>
        <Tabs.Trigger class="tab flex-1" value="account">
          {t.account}
        </Tabs.Trigger>
        <For each={extraPanels()}>
          {(panel) => (
            <Tabs.Trigger class="tab flex-1" value={panel.id}>
              {panel.label}
            </Tabs.Trigger>
          )}
        </For>
      </Tabs.List>
      <main id="main" tabIndex={-1} class="min-h-0">
        <DeskHeading symbol={props.symbol} />
        <Tabs.Content value="chart" class="flex h-full min-h-0 flex-col *:flex-1">
          <ChartPanel symbol={props.symbol} />
        </Tabs.Content>
        <Tabs.Content value="account" class="h-full overflow-y-auto">
          <BalancePanel />
        </Tabs.Content>
        <For each={extraPanels()}>
          {(panel) => (
            <Tabs.Content value={panel.id} class="panel h-full overflow-y-auto">
              <Dynamic component={panel.component} />
            </Tabs.Content>
          )}
        </For>
      </main>
    </Tabs.Root>
  );
}
