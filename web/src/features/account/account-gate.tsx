import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';
import { openWalletDialog } from '../wallet/dialogs.ts';

/** Shows a trader's panel to traders, and visitors the way in. */
export function AccountGate(props: { readonly children: JSX.Element }): JSX.Element {
  const desk = useDesk();
  return (
    <Show
      when={desk.stage() !== 'visitor'}
      fallback={
        <Notice title={texts.signedOut.title} text={texts.signedOut.text}>
          <button type="button" class="button button-small" onClick={openWalletDialog}>
            {texts.wallet.connect}
          </button>
        </Notice>
      }
    >
      {props.children}
    </Show>
  );
}
