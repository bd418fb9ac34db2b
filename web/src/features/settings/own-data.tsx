import bs58 from 'bs58';
import { For, Show, createSignal, createUniqueId, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { saveFile } from '../../data/save-file.ts';
import { checkSignInText, confirmationStatement } from '../../data/wallet/sign-in-text.ts';
import { texts } from '../../i18n/pages.ts';
import { useAttempt } from '../portfolio/use-action.ts';

const t = texts.settings.ownData;
const eraseRequest = { operation: 'DELETE /api/users/me' };

/** What the exchange keeps about the trader: a copy of it, and its end. Both need a session; the end a signature besides. */
export function OwnData(): JSX.Element {
  const desk = useDesk();
  const id = createUniqueId();
  const { busy, error, attempt } = useAttempt();
  const [kept, setKept] = createSignal<readonly string[]>([]);
  const address = () => desk.session.address();
  const save = () => {
    const name = `quantdesk-${address()}.json`;
    return attempt(async () => saveFile(name, await desk.client.account.exportData(), 'application/json'));
  };
  const erase = () => {
    const wallet = desk.wallet();
    return attempt(async () => {
      if (wallet === undefined) return;
      const text = await desk.client.auth.stepUpText(eraseRequest);
      const statement = confirmationStatement(eraseRequest.operation, {});
      checkSignInText(text, { address: wallet.address, statement }, desk.site);
      await desk.signing.confirm({ title: t.signTitle, summary: t.consequences, walletName: wallet.name, text });
      const signed = await wallet.signIn(text);
      const token = await desk.client.auth.stepUp(eraseRequest, signed.message, bs58.encode(signed.signature));
      const erased = await desk.client.account.eraseData(token);
      // The private socket says that the session has ended.
      setKept(erased.kept);
    });
  };
  return (
    <section class="panel settings-group" aria-labelledby={id} data-testid="own-data">
      <h2 id={id} class="panel-title">
        {t.title}
      </h2>
      <div class="grid gap-2 px-3 py-2.5">
        <p class="text-ink-3">{address() === undefined ? t.signedOut : t.text}</p>
        <Show when={kept().length > 0}>
          <div role="status">
            <p>{t.erased}</p>
            <ul class="list-disc pl-5 text-ink-3">
              <For each={kept()}>{(line) => <li>{line}</li>}</For>
            </ul>
          </div>
        </Show>
        <p role="alert" class="text-down empty:hidden">
          {error()}
        </p>
        <div class="flex flex-wrap gap-2">
          <button
            type="button"
            class="button"
            disabled={busy() || address() === undefined}
            data-testid="export-data"
            onClick={() => void save()}
          >
            {t.export}
          </button>
          <button
            type="button"
            class="button text-down"
            disabled={busy() || desk.wallet() === undefined || address() === undefined}
            data-testid="erase-data"
            onClick={() => void erase()}
          >
            {t.erase}
          </button>
        </div>
      </div>
    </section>
  );
}
