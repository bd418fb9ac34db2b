import { Show, type JSX } from 'solid-js';

import { formatClock } from '../../domain/format.ts';
import { timeLeft } from '../../domain/mikey/countdown.ts';
import type { Failure } from '../../domain/mikey/failure.ts';
import { texts } from '../../i18n/index.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { createClock } from '../../ui/clock.ts';
import { openWalletDialog } from '../wallet/dialogs.ts';

const clockMs = 1_000;
const t = mikeyTexts.failures;

/** What each failure is called, and what goes on meanwhile; where that is not said, the exchange's own words are. */
const words: Readonly<Record<Failure['kind'], { readonly title: string; readonly text?: string }>> = {
  session: { title: texts.signedOut.title, text: texts.signedOut.text },
  budget: { title: t.budget, text: t.budgetText },
  busy: { title: t.busy },
  oracle: { title: t.oracle, text: t.oracleText },
  model: { title: t.model, text: t.modelText },
  declined: { title: t.declined, text: t.declinedText },
  gone: { title: t.gone, text: t.goneText },
  full: { title: t.full, text: t.fullText },
  connection: { title: t.connection, text: t.connectionText },
  other: { title: t.other },
};

/** Why there is no answer, when there may be one again, and what to do until then. */
export function FailureNotice(props: {
  readonly failure: Failure;
  readonly onAgain?: (() => void) | undefined;
  readonly onBegin?: (() => void) | undefined;
}): JSX.Element {
  const kind = () => props.failure.kind;
  const isOver = () => kind() === 'gone' || kind() === 'full';
  return (
    <div class="mikey-failure" data-kind={kind()} data-testid="mikey-failure">
      <p class="font-semibold text-ink">{words[kind()].title}</p>
      <p>{words[kind()].text ?? (props.failure.message || texts.common.unexpected)}</p>
      <Show when={props.failure.againAtMs}>{(atMs) => <ComesBack atMs={atMs()} />}</Show>
      <Show when={props.failure.code !== ''}>
        <p class="text-ink-3">{t.code(props.failure.code)}</p>
      </Show>
      <div class="flex flex-wrap gap-2 empty:hidden">
        <Show when={kind() === 'session'}>
          <button type="button" class="button button-small" onClick={openWalletDialog}>
            {texts.wallet.connect}
          </button>
        </Show>
        <Show when={isOver() && props.onBegin}>
          {(begin) => (
            <button type="button" class="button button-small" onClick={() => begin()()}>
              {mikeyTexts.newConversation}
            </button>
          )}
        </Show>
        <Show when={!isOver() && kind() !== 'session' && props.onAgain}>
          {(again) => (
            <button type="button" class="button button-small" data-testid="ask-again" onClick={() => again()()}>
              {mikeyTexts.chat.again}
            </button>
          )}
        </Show>
      </div>
    </div>
  );
}

function ComesBack(props: { readonly atMs: number }): JSX.Element {
  const now = createClock(clockMs);
  const left = () => timeLeft(props.atMs, now());
  return (
    <p data-testid="comes-back">
      <Show when={left()} fallback={t.backNow}>
        {(time) => t.back(formatClock(new Date(props.atMs)), time())}
      </Show>
    </p>
  );
}
