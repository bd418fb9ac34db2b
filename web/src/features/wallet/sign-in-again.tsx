import { Show, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { SignInSuperseded } from '../../data/session.ts';
import { texts } from '../../i18n/index.ts';
import { WarnIcon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/panel-state.tsx';

const t = texts.session;

/** Signs in with the wallet that is there, where the exchange has ended its session. */
export function SignInAgain(props: { readonly class: string }): JSX.Element {
  const desk = useDesk();
  const [busy, setBusy] = createSignal(false);
  const signIn = async () => {
    const wallet = desk.wallet();
    if (wallet === undefined) return;
    setBusy(true);
    try {
      await desk.enter(wallet);
    } catch (error) {
      if (!(error instanceof SignInSuperseded))
        desk.notices.show({ tone: 'warn', title: t.notSignedIn, text: errorText(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      class={props.class}
      disabled={busy()}
      onClick={() => void signIn()}
      data-testid="sign-in-again"
    >
      {t.signInAgain}
    </button>
  );
}

/** In the place of what belongs to a session that has ended. */
export function SessionEnded(): JSX.Element {
  return (
    <Notice title={t.ended} text={t.endedText}>
      <SignInAgain class="button button-accent button-small" />
    </Notice>
  );
}

/** Stays until somebody signs in or out: nothing on screen is live without a session. */
export function SessionBanner(): JSX.Element {
  const desk = useDesk();
  return (
    <div role="alert" class="empty:hidden">
      <Show when={desk.stage() === 'ended'}>
        <div class="warning-row" data-testid="session-ended">
          <WarnIcon size={14} />
          <p>
            <b class="font-semibold">{t.ended}</b> {t.endedText}
          </p>
          <SignInAgain class="button button-small" />
        </div>
      </Show>
    </div>
  );
}
