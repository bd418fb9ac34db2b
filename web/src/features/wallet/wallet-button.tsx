import { Show, type JSX } from 'solid-js';

import { copyText } from '../../data/copy.ts';
import { useDesk } from '../../data/desk.ts';
import type { DeskWallet } from '../../data/wallet/types.ts';
import { shortKey } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { ChevronIcon, WalletIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { openFunds, openWalletDialog } from './dialogs.ts';

/** Who trades here: a way in, or the wallet and what can be done with it. */
export function WalletButton(): JSX.Element {
  const desk = useDesk();
  const t = texts.wallet;
  /** Money moves only where the account is known. */
  const moneyEntries = () => {
    if (desk.stage() === 'signedIn') return [{ label: texts.balance.open, onSelect: () => openFunds('open') }];
    if (desk.stage() !== 'ready') return [];
    return [
      { label: texts.balance.deposit, onSelect: () => openFunds('deposit') },
      { label: texts.balance.withdraw, onSelect: () => openFunds('withdraw') },
    ];
  };
  const copy = () => {
    const { address = '' } = desk.wallet() ?? {};
    void copyText(desk.notices, address, { title: texts.common.copied, text: shortKey(address, 8) });
  };
  return (
    <Show
      when={desk.wallet()}
      fallback={
        <Show when={desk.stage() === 'visitor'} fallback={<Resuming />}>
          <button
            type="button"
            class="button button-accent bar-button"
            onClick={openWalletDialog}
            data-testid="connect-wallet"
          >
            {t.connect}
          </button>
        </Show>
      }
    >
      {(wallet) => (
        <Menu
          class="button bar-button gap-2 px-2.5"
          data-testid="wallet-menu"
          name={t.menu}
          note={wallet().kind === 'demo' ? t.demoHint : undefined}
          entries={[
            ...moneyEntries(),
            { label: t.copyAddress, onSelect: copy },
            { label: t.disconnect, onSelect: () => void desk.leave() },
          ]}
        >
          <span class="visually-hidden">{t.menu}</span>
          <Chip wallet={wallet()} />
        </Menu>
      )}
    </Show>
  );
}

/** The wallet of a session that is taken up again: what its key will show, in the same room. */
function Resuming(): JSX.Element {
  const desk = useDesk();
  return (
    <button type="button" class="button bar-button gap-2 px-2.5" disabled data-testid="signing-in">
      <span class="visually-hidden">{texts.wallet.signingIn}</span>
      <Show when={desk.session.stored()} fallback={texts.wallet.signingIn}>
        {(stored) => <Chip wallet={stored()} />}
      </Show>
    </button>
  );
}

/** Of a session that is kept no icon is known. */
type ShownWallet = Pick<DeskWallet, 'address' | 'kind'> & Partial<Pick<DeskWallet, 'icon'>>;

function Chip(props: { readonly wallet: ShownWallet }): JSX.Element {
  return (
    <>
      <Show when={props.wallet.icon} fallback={<WalletIcon size={16} />}>
        {(icon) => <img src={icon()} alt="" width="16" height="16" />}
      </Show>
      {shortKey(props.wallet.address)}
      <Show when={props.wallet.kind === 'demo'}>
        <span class="tag" data-tone="warn">
          {texts.wallet.demo}
        </span>
      </Show>
      <ChevronIcon size={13} />
    </>
  );
}
