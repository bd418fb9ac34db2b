import { useQuery } from '@tanstack/solid-query';
import { For, Show, createSignal, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { SignInSuperseded } from '../../data/session.ts';
import { hasDemoWallet, openDemoWallet } from '../../data/wallet/demo.ts';
import { connectWallet, listWallets, watchWallets } from '../../data/wallet/standard.ts';
import type { DeskWallet } from '../../data/wallet/types.ts';
import { texts } from '../../i18n/index.ts';
import { entryTexts } from '../../i18n/entry.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { WalletIcon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/panel-state.tsx';
import { closeWalletDialog, openFunds } from './dialogs.ts';
import { OnboardingSteps } from './onboarding-steps.tsx';

/** The ways to start: test funds in one click where the network has them, or a wallet of one's own. */
export function ConnectDialog(): JSX.Element {
  const desk = useDesk();
  const t = texts.wallet;
  const config = useQuery(() => desk.queries.config());
  const [wallets, setWallets] = createSignal(listWallets());
  const [error, setError] = createSignal<string | undefined>();
  const [busy, setBusy] = createSignal(false);
  onCleanup(watchWallets(() => setWallets(listWallets())));
  let left = false;
  onCleanup(() => (left = true));

  const enter = async (open: () => Promise<DeskWallet>) => {
    setError(undefined);
    setBusy(true);
    try {
      const wallet = await open();
      // A wallet that is approved only after its trader has gone on says nothing about who trades now.
      if (left) return;
      await desk.enter(wallet);
      await offerAccount();
      closeWalletDialog();
    } catch (failure) {
      if (!(failure instanceof SignInSuperseded)) setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  /** Who has no account is led to one. Where that is not known now, the ticket says so as soon as it is. */
  const offerAccount = async () => {
    const balance = await desk.client.account.balance().catch(() => undefined);
    if (balance?.account_open === false) openFunds('open');
  };
  const started = () => desk.onboarding.state.status !== 'idle';
  const close = () => {
    if (desk.onboarding.state.status !== 'running') desk.onboarding.reset();
    closeWalletDialog();
  };

  return (
    <Dialog
      open
      onClose={close}
      title={started() ? entryTexts.onboarding.title : t.title}
      {...(started() ? {} : { description: t.text })}
    >
      <Show when={!started()} fallback={<OnboardingSteps onDone={close} />}>
        <div class="grid gap-4 pt-2">
          <Show when={config.isError}>
            <Notice title={texts.common.failed} text={errorText(config.error)}>
              <button type="button" class="button button-small" onClick={() => void config.refetch()}>
                {texts.common.retry}
              </button>
            </Notice>
          </Show>
          <Show when={config.isPending}>
            <div class="skeleton h-36" role="status" aria-label={texts.common.loading} />
          </Show>
          <Show when={config.data?.faucet}>
            <section class="grid gap-2 rounded border border-line p-3">
              <h3 class="flex items-center gap-2 text-3 font-semibold">
                {t.demoTitle}
                <span class="tag" data-tone="warn">
                  {t.demo}
                </span>
              </h3>
              <Show when={hasDemoWallet()}>
                <p class="text-ink-2">{t.demoKept}</p>
                <button
                  type="button"
                  class="button button-accent mt-1"
                  disabled={busy()}
                  onClick={() => void enter(openDemoWallet)}
                  data-testid="continue-demo"
                >
                  {t.demoResume}
                </button>
              </Show>
              <Show when={!hasDemoWallet()}>
                <p class="text-ink-2">{t.demoText}</p>
                <p class="text-ink-2">{entryTexts.onboarding.willSign}</p>
              </Show>
              <button
                type="button"
                class="button mt-1"
                classList={{ 'button-accent': !hasDemoWallet() }}
                disabled={busy()}
                onClick={() => void desk.onboarding.run()}
                data-testid="start-demo"
              >
                {t.demoAction}
              </button>
            </section>
          </Show>
          <section class="grid gap-2">
            <h3 class="text-3 font-semibold">{t.ownTitle}</h3>
            <For each={wallets()} fallback={<p class="text-ink-2">{t.noWallets}</p>}>
              {(wallet) => (
                <button
                  type="button"
                  class="button justify-start"
                  disabled={busy() || config.data === undefined}
                  onClick={() => void enter(() => connectWallet(wallet, desk.site.chain))}
                >
                  <Show when={wallet.icon} fallback={<WalletIcon size={18} />}>
                    {(icon) => <img src={icon()} alt="" width="18" height="18" />}
                  </Show>
                  <span class="min-w-0 truncate">{wallet.name}</span>
                </button>
              )}
            </For>
          </section>
          <p role="alert" class="text-down empty:hidden">
            {error()}
          </p>
        </div>
      </Show>
    </Dialog>
  );
}
