import { Show, createMemo, type JSX } from 'solid-js';

import { deferred } from './deferred.tsx';
import type { DialogProps } from './dialog-window.tsx';
import { createFocusReturn } from './focus-return.ts';

/** Fetched when the first one opens. */
const DialogWindow = deferred(() => import('./dialog-window.tsx').then((module) => module.DialogWindow));

/** A modal window: focus moves in, stays in, and returns where it came from. On a phone it rises from below. */
export function Dialog(props: DialogProps): JSX.Element {
  const returnFocus = createFocusReturn(() => props.open);
  const wasOpened = createMemo<boolean>((before) => before || props.open, false);
  return (
    <Show when={wasOpened()}>
      <DialogWindow {...props} returnFocus={returnFocus} />
    </Show>
  );
}
