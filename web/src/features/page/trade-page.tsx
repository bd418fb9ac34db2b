import { isMarketSymbol, marketOf, type MarketSymbol } from '#shared/markets.ts';
import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Show, createEffect, lazy, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { createPhone } from '../../ui/media.ts';
import { AccountTabs } from '../account/account-tabs.tsx';
import { BalancePanel } from '../balance/balance-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { ConnectionBanner, useConnection } from '../connection/connection.tsx';
import { Header } from '../header/header.tsx';
import { NoticeList } from '../notices/notices.tsx';
import { TicketPanel } from '../ticket/ticket-panel.tsx';
import { WalletDialogs } from '../wallet/wallet-dialogs.tsx';
import { WalletKeeper } from '../wallet/wallet-keeper.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PhoneDesk } from './phone-desk.tsx';

const ReceiptDialog = lazy(() =>
  import('../receipt/receipt-dialog.tsx').then((module) => ({ default: module.ReceiptDialog })),
);

/** The terminal of one market. */
export function TradePage(): JSX.Element {
  const params = useParams();
  const symbol = () => {
    const asked = params.symbol ?? '';
    return isMarketSymbol(asked) ? asked : undefined;
  };
  return (
    <Show when={symbol()} fallback={<NotFoundPage />}>
      {(known) => <Terminal symbol={known()} />}
    </Show>
  );
}

function Terminal(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const phone = createPhone();
  const connection = useConnection();
  const queryClient = useQueryClient();
  /** What failed while the exchange was out of reach is asked for again as soon as it is back. */
  createEffect(() => {
    if (connection() === 'live')
      void queryClient.refetchQueries({ predicate: (query) => query.state.status === 'error' });
  });
  createEffect(() => {
    const price = desk.live.markets[props.symbol].price;
    const shown = price === undefined ? '' : `${formatPrice(price.price, marketOf(props.symbol).priceDecimals)} `;
    document.title = `${shown}${props.symbol} · ${texts.common.appName}`;
  });
  return (
    <>
      <h1 class="visually-hidden">{`${texts.common.appName} ${props.symbol}`}</h1>
      <Show when={phone()} fallback={<Desktop symbol={props.symbol} />}>
        <PhoneDesk symbol={props.symbol} />
      </Show>
      <WalletKeeper />
      <WalletDialogs />
      <Show when={desk.receiptOf() !== undefined}>
        <ReceiptDialog />
      </Show>
      <NoticeList />
    </>
  );
}

function Desktop(props: { readonly symbol: MarketSymbol }): JSX.Element {
  return (
    <div class="desk">
      <div class="desk-header">
        <Header symbol={props.symbol} />
        <ConnectionBanner />
      </div>
      <main class="desk-main">
        <ChartPanel symbol={props.symbol} />
        <AccountTabs />
      </main>
      <aside class="desk-side" aria-label={texts.tabs.trade}>
        <TicketPanel symbol={props.symbol} />
        <BalancePanel />
      </aside>
    </div>
  );
}
