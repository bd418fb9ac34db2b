import { Match, Switch, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';
import { openWalletDialog } from '../wallet/dialogs.ts';
import { SessionEnded } from '../wallet/sign-in-again.tsx';

/** Shows a trader's panel to traders, and visitors the way in. */
export function AccountGate(props: { readonly children: JSX.Element }): JSX.Element {
  const desk = useDesk();
  return (
    <Switch fallback={props.children}>
      <Match when={desk.stage() === 'visitor'}>
        <Notice title={texts.signedOut.title} text={texts.signedOut.text}>
          <button type="button" class="button button-small" onClick={openWalletDialog}>
            {texts.wallet.connect}
          </button>
        </Notice>
      </Match>
      <Match when={desk.stage() === 'ended'}>
        <SessionEnded />
      </Match>
    </Switch>
  );
}
