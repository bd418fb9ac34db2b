import { A, useLocation } from '@solidjs/router';
import { For, Show, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { AssistantIcon, GearIcon, SearchIcon } from '../../ui/icons.tsx';
import { createPhone } from '../../ui/media.ts';
import { ConnectionBanner, ConnectionDot } from '../connection/connection.tsx';
import { ThemeSwitch } from '../header/theme-switch.tsx';
import { openAssistant } from '../mikey/state.ts';
import { NoticeBell } from '../notices/notice-bell.tsx';
import { KeyCaps } from '../palette/key-caps.tsx';
import { openPalette } from '../palette/state.ts';
import { WalletButton } from '../wallet/wallet-button.tsx';
import { pageOfPath, pages, type PageLink, type PageName } from './pages.ts';

/** The others are in the palette, and on a phone in the sheet. */
const besideBar: readonly PageName[] = ['track-record', 'status', 'settings'];
const mainPages = pages.filter(({ name }) => !besideBar.includes(name));

/** The slim bar of every page: where one is, whether the figures are live, and who trades. */
export function TopBar(): JSX.Element {
  const phone = createPhone();
  return (
    <header class="top-bar">
      <A href="/" class="brand" aria-label={texts.common.appName}>
        <img src="/icon.svg" alt="" width="20" height="20" />
        <span class="brand-name">{texts.common.appName}</span>
      </A>
      <Show when={!phone()}>
        <nav class="top-nav" aria-label={texts.shell.navigation}>
          <For each={mainPages}>{(page) => <NavLink page={page} />}</For>
        </nav>
        <ConnectionBanner />
      </Show>
      <div class="ml-auto flex items-center gap-1">
        <Show when={!phone()}>
          <button type="button" class="button button-quiet search-button" onClick={() => openPalette()}>
            <SearchIcon size={14} />
            {texts.commands.searchShort}
            <KeyCaps keys={['mod+k']} />
          </button>
        </Show>
        <ConnectionDot />
        <Show when={!phone()}>
          <button
            type="button"
            class="button button-quiet icon-button"
            aria-label={texts.assistant.open}
            title={texts.assistant.open}
            data-testid="open-mikey"
            onClick={openAssistant}
          >
            <AssistantIcon />
          </button>
        </Show>
        <NoticeBell />
        <Show when={!phone()}>
          <A
            href="/settings"
            class="button button-quiet icon-button"
            aria-label={texts.shell.pages.settings}
            title={texts.shell.pages.settings}
          >
            <GearIcon />
          </A>
          <ThemeSwitch />
        </Show>
        <WalletButton />
      </div>
    </header>
  );
}

function NavLink(props: { readonly page: PageLink }): JSX.Element {
  const location = useLocation();
  const here = () => pageOfPath(location.pathname) === props.page.name;
  return (
    <A
      href={props.page.href()}
      class="nav-link"
      aria-current={here() ? 'page' : undefined}
      data-testid={`nav-${props.page.name}`}
    >
      {props.page.label}
    </A>
  );
}
