import bs58 from 'bs58';
import { Show, createSignal, createUniqueId, type JSX } from 'solid-js';

import { copyText } from '../../data/copy.ts';
import { useDesk } from '../../data/desk.ts';
import { checkSignInText, confirmationStatement } from '../../data/wallet/sign-in-text.ts';
import { texts } from '../../i18n/pages.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useAttempt } from './use-action.ts';

const t = texts.portfolio.sessions;
const dayOptions = ['7', '30', '90', '365'].map((value) => ({
  value,
  label: texts.portfolio.delegate.day(Number(value)),
}));
const daysDefault = '90';
const nameLengthMax = 64;

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** A session for a program: the wallet confirms exactly this request, and the tokens are shown once. */
export function ApiSessionDialog(props: { readonly onClose: () => void; readonly onCreated: () => void }): JSX.Element {
  const desk = useDesk();
  const id = createUniqueId();
  const [name, setName] = createSignal('');
  const [days, setDays] = createSignal(daysDefault);
  const [tokens, setTokens] = createSignal<Tokens | undefined>();
  const { busy, error, attempt } = useAttempt();
  const problem = () => {
    const length = name().trim().length;
    if (length === 0) return t.nameMissing;
    return length > nameLengthMax ? t.nameTooLong : undefined;
  };
  const create = () => {
    const { onCreated } = props;
    const [wallet, session] = [desk.wallet(), { name: name().trim(), expiresInDays: Number(days()) }];
    return attempt(async () => {
      if (wallet === undefined) return;
      const body = { name: session.name, expires_in_days: session.expiresInDays };
      const request = { operation: 'POST /api/auth/sessions', body };
      const text = await desk.client.auth.stepUpText(request);
      const statement = confirmationStatement(request.operation, body);
      checkSignInText(text, { address: wallet.address, statement }, desk.site);
      await desk.signing.confirm({
        title: t.signTitle,
        summary: text.split('\n').filter((line) => line !== ''),
        walletName: wallet.name,
        text: t.signText,
      });
      const signed = await wallet.signIn(text);
      const token = await desk.client.auth.stepUp(request, signed.message, bs58.encode(signed.signature));
      const answer = await desk.client.auth.createSession(session, token);
      setTokens({ access: answer.token, refresh: answer.refresh_token });
      onCreated();
    });
  };
  return (
    <Dialog
      open={desk.signing.pending() === undefined}
      onClose={props.onClose}
      title={tokens() === undefined ? t.createTitle : t.tokensTitle}
      description={tokens() === undefined ? t.createText : t.tokensText}
    >
      <Show
        when={tokens()}
        fallback={
          <form
            class="grid grid-cols-[minmax(0,1fr)] gap-3 pt-2"
            onSubmit={(event) => {
              event.preventDefault();
              if (problem() === undefined) void create();
            }}
          >
            <div class="field">
              <label for={id}>{t.nameField}</label>
              <input
                id={id}
                type="text"
                autocomplete="off"
                maxLength={nameLengthMax}
                placeholder={t.namePlaceholder}
                value={name()}
                onInput={(event) => setName(event.currentTarget.value)}
                data-testid="api-session-name"
              />
            </div>
            <div class="grid gap-1">
              <span class="text-ink-3" aria-hidden="true">
                {t.daysField}
              </span>
              <Segmented label={t.daysField} options={dayOptions} value={days()} onChange={setDays} />
            </div>
            <p role="alert" class="text-down empty:hidden">
              {error()}
            </p>
            <button type="submit" class="button button-accent" disabled={busy() || problem() !== undefined}>
              {problem() ?? t.confirm}
            </button>
          </form>
        }
      >
        {(made) => (
          <div class="grid grid-cols-[minmax(0,1fr)] gap-3 pt-2" data-testid="api-session-tokens">
            <Secret label={t.access} value={made().access} />
            <Secret label={t.refresh} value={made().refresh} />
            <button type="button" class="button button-accent" onClick={() => props.onClose()}>
              {t.done}
            </button>
          </div>
        )}
      </Show>
    </Dialog>
  );
}

function Secret(props: { readonly label: string; readonly value: string }): JSX.Element {
  const desk = useDesk();
  const copy = () => void copyText(desk.notices, props.value, { title: texts.common.copied, text: props.label });
  return (
    <div class="grid gap-1">
      <span class="text-ink-3">{props.label}</span>
      <div class="secret">
        <code>{props.value}</code>
        <button type="button" class="button button-small" onClick={copy} aria-label={`${t.copy}: ${props.label}`}>
          {t.copy}
        </button>
      </div>
    </div>
  );
}
