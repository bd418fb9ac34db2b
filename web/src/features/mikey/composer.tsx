import { Show, createEffect, on, type JSX } from 'solid-js';

import { questionLengthMax, useAssistant } from '../../data/assistant.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { SendIcon, StopIcon } from './icons.tsx';
import { assistantFocusAsked, takeAssistantFocus } from './state.ts';

const t = mikeyTexts.chat;

/** The question field: Enter asks, Shift and Enter make a line; while an answer comes its key stops it. */
export function Composer(props: { readonly onAsk: (text: string) => void }): JSX.Element {
  const assistant = useAssistant();
  let field!: HTMLTextAreaElement;
  const isTooLong = () => assistant.draft().length > questionLengthMax;
  const canAsk = () => assistant.draft().trim() !== '' && !isTooLong() && !assistant.isAnswering();
  const ask = () => {
    if (!canAsk()) return;
    props.onAsk(assistant.draft());
    assistant.setDraft('');
  };
  // After what is shown with it: a sheet takes the focus itself first.
  createEffect(
    on(assistantFocusAsked, () => {
      if (takeAssistantFocus()) requestAnimationFrame(() => field.focus());
    }),
  );
  return (
    <form
      class="mikey-composer"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <div class="mikey-field" data-invalid={isTooLong() ? '' : undefined}>
        <textarea
          ref={field}
          rows={1}
          aria-label={t.field}
          aria-invalid={isTooLong() ? 'true' : undefined}
          placeholder={t.placeholder}
          value={assistant.draft()}
          data-testid="mikey-question"
          onInput={(event) => assistant.setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            if (!event.repeat) ask();
          }}
        />
        <Show
          when={assistant.isAnswering()}
          fallback={
            <button
              type="submit"
              class="mikey-send"
              aria-label={t.send}
              title={t.send}
              disabled={!canAsk()}
              data-testid="mikey-send"
            >
              <SendIcon />
            </button>
          }
        >
          <button
            type="button"
            class="mikey-send mikey-stop"
            aria-label={t.stopHint}
            title={t.stopHint}
            data-testid="mikey-stop"
            onClick={() => {
              assistant.stop();
              field.focus();
            }}
          >
            <StopIcon />
          </button>
        </Show>
      </div>
      <Show when={isTooLong()}>
        <p class="px-1 pt-1 text-down" role="alert">
          {t.tooLong(questionLengthMax)}
        </p>
      </Show>
    </form>
  );
}
