import { For, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import type { PendingSignature } from '../../data/signing.ts';
import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';

/** What a signature allows, before the wallet is asked for it. */
export function SignatureDialog(props: { readonly pending: PendingSignature }): JSX.Element {
  const desk = useDesk();
  return (
    <Dialog
      open
      onClose={desk.signing.decline}
      title={texts.wallet.signTitle}
      description={props.pending.text ?? texts.wallet.signText}
    >
      <ul class="my-2 grid gap-2 rounded border border-line bg-raised p-3 text-3">
        <For each={props.pending.summary}>{(line) => <li>{line}</li>}</For>
      </ul>
      <div class="mt-3 grid grid-cols-[auto_1fr] gap-2">
        <button type="button" class="button" onClick={desk.signing.decline}>
          {texts.common.cancel}
        </button>
        <button type="button" class="button button-accent" onClick={desk.signing.accept} data-testid="sign">
          {texts.wallet.signWith(props.pending.walletName)}
        </button>
      </div>
    </Dialog>
  );
}
