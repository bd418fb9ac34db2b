import type { MarketSymbol } from '#shared/markets.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import * as Tabs from '@kobalte/core/tabs';
import { createSignal, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { AccountTabs } from '../account/account-tabs.tsx';
import { BalancePanel } from '../balance/balance-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { ConnectionBanner } from '../connection/connection.tsx';
import { Header } from '../header/header.tsx';
import { TicketPanel } from '../ticket/ticket-panel.tsx';

/** One panel at a time, the ticket in a sheet that rises from the one button that is always there. */
export function PhoneDesk(props: { readonly symbol: MarketSymbol }): JSX.Element {
  /** The side the open ticket starts with. */
  const [ticketSide, setTicketSide] = createSignal<TradeSide | undefined>();
  const close = () => setTicketSide(undefined);
  const t = texts.tabs;
  return (
    <div class="phone">
      <Header symbol={props.symbol} />
      <ConnectionBanner />
      <Tabs.Root class="contents" defaultValue="chart">
        <Tabs.List class="panel mt-1 flex rounded-none border-b border-line px-1" aria-label={texts.common.appName}>
          <Tabs.Trigger class="tab flex-1" value="chart">
            {t.chart}
          </Tabs.Trigger>
          <Tabs.Trigger class="tab flex-1" value="positions">
            {t.positions}
          </Tabs.Trigger>
          <Tabs.Trigger class="tab flex-1" value="account">
            {t.account}
          </Tabs.Trigger>
        </Tabs.List>
        <main class="min-h-0">
          <Tabs.Content value="chart" class="flex h-full min-h-0 flex-col *:flex-1">
            <ChartPanel symbol={props.symbol} />
          </Tabs.Content>
          <Tabs.Content value="positions" class="flex h-full min-h-0 flex-col *:flex-1">
            <AccountTabs />
          </Tabs.Content>
          <Tabs.Content value="account" class="h-full overflow-y-auto">
            <BalancePanel />
          </Tabs.Content>
        </main>
      </Tabs.Root>
      <div class="phone-actions">
        <button type="button" class="button button-up" onClick={() => setTicketSide('buy')} data-testid="open-buy">
          {texts.ticket.buyLong}
        </button>
        <button type="button" class="button button-down" onClick={() => setTicketSide('sell')} data-testid="open-sell">
          {texts.ticket.sellShort}
        </button>
      </div>
      <Dialog open={ticketSide() !== undefined} onClose={close} title={`${t.trade} ${props.symbol}`}>
        <div class="-mx-4">
          <TicketPanel symbol={props.symbol} side={ticketSide() ?? 'buy'} onSent={close} />
        </div>
      </Dialog>
    </div>
  );
}
