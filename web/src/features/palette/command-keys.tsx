import { useLocation, useNavigate } from '@solidjs/router';
import { Show, onCleanup, onMount, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { readKey, type Binding, type FirstKey, type KeyPlace } from '../../domain/shortcuts.ts';
import { deferred } from '../../ui/deferred.tsx';
import { isMac } from '../../ui/media.ts';
import { pageOfPath } from '../nav/pages.ts';
import { createCommands, isCommandOpen } from './commands.ts';
import { isShortcutSheetOpen, paletteScope } from './state.ts';

const Palette = deferred(() => import('./palette.tsx').then((module) => module.Palette));
const ShortcutSheet = deferred(() => import('./shortcut-sheet.tsx').then((module) => module.ShortcutSheet));

const fieldSelector = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
/** Windows and menus: their own keys come first, and letters move through their lists. */
const dialogSelector = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** Where a key goes: what is open counts wherever the focus is. */
function placeOf(target: EventTarget | null): KeyPlace {
  if (document.querySelector(dialogSelector) !== null) return 'dialog';
  return target instanceof Element && target.closest(fieldSelector) !== null ? 'field' : 'page';
}

/** Listens for the keys of the commands, and shows the palette and the sheet of shortcuts when one is asked for. */
export function CommandKeys(): JSX.Element {
  const desk = useDesk();
  const location = useLocation();
  const navigate = useNavigate();
  const commands = createCommands({ desk, path: () => location.pathname, navigate });
  const bindings: readonly Binding[] = commands.flatMap(({ id, keys }) => (keys === undefined ? [] : [{ id, keys }]));
  let first: FirstKey | undefined;

  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const place = placeOf(event.target);
    // Out of a field, so that the next letter is a command again.
    if (event.key === 'Escape' && place === 'field' && event.target instanceof HTMLElement) event.target.blur();
    const press = {
      key: event.key,
      mod: isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey,
      modified: event.ctrlKey || event.metaKey || event.altKey,
      repeat: event.repeat,
    };
    const reading = readKey(press, place, first, Date.now(), bindings);
    first = reading.first;
    const command = commands.find(({ id }) => id === reading.id);
    if (command === undefined || !isCommandOpen(command)) return;
    if (command.tradePageKey === true && pageOfPath(location.pathname) !== 'trade') return;
    event.preventDefault();
    command.run();
  };
  onMount(() => {
    document.addEventListener('keydown', onKey);
    onCleanup(() => document.removeEventListener('keydown', onKey));
  });

  return (
    <>
      <Show when={paletteScope()}>{(scope) => <Palette commands={commands} scope={scope()} />}</Show>
      <Show when={isShortcutSheetOpen()}>
        <ShortcutSheet commands={commands} />
      </Show>
    </>
  );
}
