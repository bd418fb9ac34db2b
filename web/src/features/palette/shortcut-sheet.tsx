import { For, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import type { Command, CommandSection } from './commands.ts';
import { KeyCaps } from './key-caps.tsx';
import { closeShortcutSheet } from './state.ts';

const t = texts.commands;
/** In the order of use; sections without a key are left out. */
const sections: readonly CommandSection[] = ['terminal', 'ticket', 'pages'];

/** Every key there is, from the same list the keys are read from. */
export function ShortcutSheet(props: { readonly commands: readonly Command[] }): JSX.Element {
  const of = (section: CommandSection) =>
    props.commands.filter((command) => command.section === section && command.keys !== undefined);
  return (
    <Dialog open wide onClose={closeShortcutSheet} title={t.shortcuts} description={t.shortcutsText}>
      <div class="shortcut-columns" data-testid="shortcut-sheet">
        <For each={sections}>
          {(section) => (
            <section>
              <h3 class="pb-1 text-1 font-medium text-ink-3">{t.sections[section]}</h3>
              <dl>
                <For each={of(section)}>
                  {(command) => (
                    <div class="flex min-h-7 items-center justify-between gap-4">
                      <dt>{command.title}</dt>
                      <dd class="m-0">{command.keys === undefined ? '' : <KeyCaps keys={command.keys} />}</dd>
                    </div>
                  )}
                </For>
              </dl>
            </section>
          )}
        </For>
        <section>
          <h3 class="pb-1 text-1 font-medium text-ink-3">{t.everywhere}</h3>
          <dl>
            <For each={t.fixedKeys}>
              {(entry) => (
                <div class="flex min-h-7 items-center justify-between gap-4">
                  <dt>{entry.title}</dt>
                  <dd class="m-0">
                    <KeyCaps keys={[entry.key]} />
                  </dd>
                </div>
              )}
            </For>
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
