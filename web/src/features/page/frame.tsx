import { useLocation, type RouteSectionProps } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { ErrorBoundary, Show, createEffect, createMemo, createSignal, on, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { createPhone } from '../../ui/media.ts';
import { AccountDialogs } from '../account/account-dialogs.tsx';
import { ConnectionBanner, useConnection } from '../connection/connection.tsx';
import { MikeyPlaces } from '../mikey/mikey-places.tsx';
import { BottomBar } from '../nav/bottom-bar.tsx';
import { TopBar } from '../nav/top-bar.tsx';
import { pageOfPath } from '../nav/pages.ts';
import { LiquidationBanner } from '../notices/liquidation-banner.tsx';
import { watchLiquidations } from '../notices/liquidation-warnings.ts';
import { NoticeList } from '../notices/notices.tsx';
import { CommandKeys } from '../palette/command-keys.tsx';
import { SessionBanner } from '../wallet/sign-in-again.tsx';
import { WalletDialogs } from '../wallet/wallet-dialogs.tsx';
import { WalletKeeper } from '../wallet/wallet-keeper.tsx';
import { PageFailed } from './page-failed.tsx';
import { pageName } from './page-title.ts';

const ReceiptDialog = deferred(() => import('../receipt/receipt-dialog.tsx').then((module) => module.ReceiptDialog));

/** @returns false where the page's content is not there yet. */
function focusMain(): boolean {
  const main = document.getElementById('main');
  main?.focus({ preventScroll: true });
  return main !== null;
}

/** Another page is read from its start, as soon as it is there; another market of the same page leaves the focus where it is. */
function useArrivalFocus(): void {
  const location = useLocation();
  const page = createMemo(() => pageOfPath(location.pathname));
  let isAwaited = false;
  const arrive = () => {
    if (isAwaited) isAwaited = !focusMain();
  };
  createEffect(
    on(page, (_, before) => {
      // The first page of a visit is read from the top of the window.
      isAwaited = before !== undefined;
      setTimeout(arrive);
    }),
  );
  createEffect(on(pageName, () => setTimeout(arrive)));
}

/** What every page stands in: the bar above it, what interrupts, and the windows that any page may open. */
export function Frame(props: RouteSectionProps): JSX.Element {
  const desk = useDesk();
  const queryClient = useQueryClient();
  const connection = useConnection();
  const phone = createPhone();
  /** Whether a drawer stands beside the page. */
  const [isBeside, setBeside] = createSignal(false);
  watchLiquidations();
  /** What failed while the exchange was out of reach is asked for again as soon as it is back. */
  createEffect(() => {
    if (connection() === 'live')
      void queryClient.refetchQueries({ predicate: (query) => query.state.status === 'error' });
  });
  useArrivalFocus();
  return (
    <div class="frame" classList={{ 'frame-beside': isBeside() }}>
      <a
        class="skip-link"
        href="#main"
        onClick={(event) => {
          // The router would make an address of it and leave the focus behind.
          event.preventDefault();
          focusMain();
        }}
      >
        {texts.shell.skipToMain}
      </a>
      <div>
        <TopBar />
        <Show when={phone()}>
          <ConnectionBanner />
        </Show>
        <SessionBanner />
        <LiquidationBanner />
      </div>
      <ErrorBoundary fallback={(_, again) => <PageFailed onAgain={again} />}>{props.children}</ErrorBoundary>
      <MikeyPlaces onBeside={setBeside} />
      <Show when={phone()}>
        <BottomBar />
      </Show>
      <p class="visually-hidden" role="status">
        {pageName()}
      </p>
      <div class="windows">
        <CommandKeys />
        <WalletKeeper />
        <WalletDialogs />
        <AccountDialogs />
        <Show when={desk.receiptOf() !== undefined}>
          <ReceiptDialog />
        </Show>
      </div>
      <NoticeList />
    </div>
  );
}
