import * as Kobalte from '@kobalte/core/dialog';
import { Show, type JSX } from 'solid-js';

import { texts } from '../i18n/index.ts';
import { CloseIcon } from './icons.tsx';
import { WindowShade } from './window-shade.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string;
  readonly wide?: boolean;
  readonly children: JSX.Element;
}

/** An open dialog, or one that closes. */
export function DialogWindow(props: DialogProps & { readonly returnFocus: (event: Event) => void }): JSX.Element {
  return (
    <Kobalte.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Kobalte.Portal>
        <WindowShade />
        <div class="dialog-place">
          <Kobalte.Content
            class="dialog"
            classList={{ 'dialog-wide': props.wide === true }}
            onCloseAutoFocus={(event) => props.returnFocus(event)}
          >
            <header class="dialog-head flex items-start justify-between gap-3 px-4 pt-4 pb-2">
              <div class="min-w-0">
                <Kobalte.Title class="text-4 font-semibold">{props.title}</Kobalte.Title>
                <Show when={props.description}>
                  <Kobalte.Description class="mt-1 text-3 text-ink-2">{props.description}</Kobalte.Description>
                </Show>
              </div>
              <Kobalte.CloseButton class="button button-quiet button-small -mr-2 -mt-1" aria-label={texts.common.close}>
                <CloseIcon />
              </Kobalte.CloseButton>
            </header>
            <div class="dialog-body overflow-y-auto px-4 pb-4">{props.children}</div>
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
