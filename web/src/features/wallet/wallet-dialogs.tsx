import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { deferred } from '../../ui/deferred.tsx';
import { fundsDialog, isWalletDialogOpen } from './dialogs.ts';

const ConnectDialog = deferred(() => import('./connect-dialog.tsx').then((module) => module.ConnectDialog));
const FundsDialog = deferred(() => import('./funds-dialog.tsx').then((module) => module.FundsDialog));
const SignatureDialog = deferred(() => import('./signature-dialog.tsx').then((module) => module.SignatureDialog));

/** The wallet's windows, loaded when one of them is first opened. */
export function WalletDialogs(): JSX.Element {
  const desk = useDesk();
  return (
    <>
      <Show when={isWalletDialogOpen()}>
        <ConnectDialog />
      </Show>
      <Show when={fundsDialog()}>{(dialog) => <FundsDialog kind={dialog()} />}</Show>
      <Show when={desk.signing.pending()}>{(pending) => <SignatureDialog pending={pending()} />}</Show>
    </>
  );
}
