import { For, Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/index.ts';
import { CloseIcon } from '../../ui/icons.tsx';

/** Events of the trader, said politely to a screen reader as they appear. */
export function NoticeList(): JSX.Element {
  const desk = useDesk();
  return (
    <section class="notices" role="status" aria-live="polite" aria-label={texts.notices.label}>
      <For each={desk.notices.shown()}>
        {(notice) => (
          <div class="notice" data-tone={notice.tone} data-testid="notice">
            <div class="min-w-0">
              <p class="text-3 font-semibold">{notice.title}</p>
              <p class="mt-0.5 text-ink-2">{notice.text}</p>
              <Show when={notice.liquidationOf}>
                {(signature) => (
                  <button type="button" class="button button-small mt-2" onClick={() => desk.showReceipt(signature())}>
                    {texts.notices.receipt}
                  </button>
                )}
              </Show>
            </div>
            <button
              type="button"
              class="button button-quiet button-small self-start px-1"
              aria-label={texts.notices.dismiss}
              onClick={() => desk.notices.dismiss(notice.id)}
            >
              <CloseIcon size={14} />
            </button>
          </div>
        )}
      </For>
    </section>
  );
}
