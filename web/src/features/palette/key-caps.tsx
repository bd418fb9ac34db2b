import { For, type JSX } from 'solid-js';

import { keyLabel, type Keys } from '../../domain/shortcuts.ts';
import { isMac } from '../../ui/media.ts';

/** Keys as they stand on the keyboard. */
export function KeyCaps(props: { readonly keys: Keys }): JSX.Element {
  return (
    <span class="key-caps">
      <For each={props.keys}>{(key) => <kbd>{keyLabel(key, isMac)}</kbd>}</For>
    </span>
  );
}
