import { For, Show, createEffect, on, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { preferences } from '../../data/preferences.ts';
import { texts } from '../../i18n/index.ts';
import { createElementSize } from '../../ui/element-size.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { playTone } from './tone.ts';

/** Between toasts and what they make room in, pixels. */
const toastGap = 16;

/** Events of the trader, said politely to a screen reader as they appear. */
export function NoticeList(): JSX.Element {
  const desk = useDesk();
  createEffect(
    on(
      () => desk.notices.shown().at(-1),
      (newest) => {
        if (newest !== undefined && preferences().sound) playTone(newest.tone);
      },
      { defer: true },
    ),
  );
  const room = createElementSize();
  // Where toasts have no place of their own the page makes room: `overlays.css`.
  const root = document.documentElement.style;
  createEffect(() => {
    const { height } = room.size();
    if (height > 0) root.setProperty('--notices-room', `${Math.ceil(height) + toastGap}px`);
    else root.removeProperty('--notices-room');
  });
  return (
    <section ref={room.measure} class="notices" role="log" aria-live="polite" aria-label={texts.notices.label}>
      <For each={desk.notices.shown()}>
        {(notice) => (
          <div class="notice" data-tone={notice.tone} data-testid="notice">
            <div class="min-w-0">
              <p class="text-3 font-semibold">
                {notice.title}
                <Show when={notice.count > 1}>
                  <span class="ml-1.5 text-ink-3">{texts.history.times(notice.count)}</span>
                </Show>
              </p>
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
