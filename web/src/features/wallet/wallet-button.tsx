import * as Menu from '@kobalte/core/dropdown-menu';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { shortKey } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { ChevronIcon, WalletIcon } from '../../ui/icons.tsx';
import { openFunds, openWalletDialog } from './dialogs.ts';

/** Who trades here: a way in, or the wallet and what can be done with it. */
export function WalletButton(): JSX.Element {
  const desk = useDesk();
  const t = texts.wallet;
  const demo = () => desk.wallet()?.kind === 'demo';
  const copy = () => {
    void navigator.clipboard.writeText(desk.wallet()?.address ?? '').then(() =>
      desk.notices.show({
        tone: 'neutral',
        title: texts.common.copied,
        text: shortKey(desk.wallet()?.address ?? '', 8),
      }),
    );
  };
  return (
    <Show
      when={desk.wallet()}
      fallback={
        <button type="button" class="button button-accent h-8" onClick={openWalletDialog} data-testid="connect-wallet">
          {t.connect}
        </button>
      }
    >
      {(wallet) => (
        <Menu.Root placement="bottom-end" gutter={6}>
          <Menu.Trigger class="button h-8 gap-2 px-2.5" data-testid="wallet-menu">
            <Show when={wallet().icon} fallback={<WalletIcon size={15} />}>
              {(icon) => <img src={icon()} alt="" width="16" height="16" />}
            </Show>
            <span class="visually-hidden">{t.menu}</span>
            {shortKey(wallet().address)}
            <Show when={demo()}>
              <span class="tag" data-tone="warn">
                {t.demo}
              </span>
            </Show>
            <ChevronIcon size={13} />
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Content class="popover grid min-w-[220px] p-1">
              <Show when={demo()}>
                <p class="max-w-[220px] px-2 py-1.5 text-ink-3">{t.demoHint}</p>
              </Show>
              <MenuItem
                label={texts.balance.deposit}
                onSelect={() => openFunds(desk.stage() === 'ready' ? 'deposit' : 'open')}
              />
              <MenuItem label={texts.balance.withdraw} onSelect={() => openFunds('withdraw')} />
              <MenuItem label={t.copyAddress} onSelect={copy} />
              <MenuItem label={t.disconnect} onSelect={() => void desk.leave()} />
            </Menu.Content>
          </Menu.Portal>
        </Menu.Root>
      )}
    </Show>
  );
}

function MenuItem(props: { readonly label: string; readonly onSelect: () => void }): JSX.Element {
  return (
    <Menu.Item class="menu-item" onSelect={() => props.onSelect()}>
      {props.label}
    </Menu.Item>
  );
}
