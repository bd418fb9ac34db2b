import { Show, lazy, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { fundsDialog, isWalletDialogOpen } from './dialogs.ts';

const ConnectDialog = lazy(() => import('./connect-dialog.tsx').then((module) => ({ default: module.ConnectDialog })));
const FundsDialog = lazy(() => import('./funds-dialog.tsx').then((module) => ({ default: module.FundsDialog })));
const SignatureDialog = lazy(() =>
  import('./signature-dialog.tsx').then((module) => ({ default: module.SignatureDialog })),
);

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
