import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/pages.ts';
import { Notice } from '../../ui/panel-state.tsx';
import { openFunds, openWalletDialog } from '../wallet/dialogs.ts';
import { SessionEnded } from '../wallet/sign-in-again.tsx';

/** What a visitor sees in the place of a page that is a trader's own: what it shows, and the way to it. */
export function Visitor(props: { readonly title: string; readonly text: string }): JSX.Element {
  const desk = useDesk();
  const config = useQuery(() => desk.queries.config());
  return (
    <Show
      when={desk.stage() !== 'ended'}
      fallback={
        <section class="panel py-10">
          <SessionEnded />
        </section>
      }
    >
      <section class="panel py-10" data-testid="visitor">
        <Notice title={props.title} text={props.text}>
          <button type="button" class="button button-accent" onClick={openWalletDialog} data-testid="visitor-connect">
            {texts.wallet.connect}
          </button>
        </Notice>
        <Show when={config.data?.faucet}>
          <p class="px-4 text-center text-ink-3">{texts.portfolio.visitorDemo}</p>
        </Show>
      </section>
    </Show>
  );
}

/** Signed in, and nothing on chain yet. */
export function NoAccount(): JSX.Element {
  const t = texts.portfolio;
  return (
    <section class="panel py-6" data-testid="no-account">
      <Notice title={t.noAccountTitle} text={t.noAccountText}>
        <button type="button" class="button button-accent" onClick={() => openFunds('open')}>
          {t.openAccount}
        </button>
      </Notice>
    </section>
  );
}
