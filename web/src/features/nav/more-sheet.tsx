import { useNavigate } from '@solidjs/router';
import { For, type JSX } from 'solid-js';

import { changePreferences, preferences, type Preferences } from '../../data/preferences.ts';
import { texts } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { openPalette } from '../palette/state.ts';
import { pages, type PageName } from './pages.ts';

const inSheet: readonly PageName[] = ['earn', 'risk', 'track-record', 'status', 'settings'];
const themes: readonly Preferences['theme'][] = ['system', 'dark', 'light'];

/** What the bottom bar has no room for. */
export function MoreSheet(props: { readonly onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const t = texts.shell.pages;
  const go = (href: string) => {
    props.onClose();
    navigate(href);
  };
  return (
    <Dialog open onClose={() => props.onClose()} title={t.more}>
      <nav class="more-list" aria-label={t.more}>
        <For each={pages.filter(({ name }) => inSheet.includes(name))}>
          {(page) => (
            <button type="button" onClick={() => go(page.href())} data-testid={`more-${page.name}`}>
              {page.label}
            </button>
          )}
        </For>
        <button
          type="button"
          onClick={() => {
            props.onClose();
            openPalette();
          }}
        >
          {texts.commands.search}
        </button>
        <div class="gap-6">
          <span>{texts.header.theme}</span>
          <Segmented
            label={texts.header.theme}
            class="min-w-[220px]"
            options={themes.map((value) => ({ value, label: texts.header.themes[value] }))}
            value={preferences().theme}
            onChange={(theme) => changePreferences({ theme })}
          />
        </div>
      </nav>
    </Dialog>
  );
}
