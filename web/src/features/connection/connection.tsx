import { A } from '@solidjs/router';
import { Show, createEffect, createMemo, createSignal, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { isDoubtful, overallConnection, type Connection } from '../../domain/connection.ts';
import { formatClock } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { WarnIcon } from '../../ui/icons.tsx';

/** A gap that closes within this time is nobody's business. */
const calmMs = 1_200;

/** The worst of the streams the screen depends on. */
export function useConnection(): () => Connection {
  const desk = useDesk();
  return () =>
    overallConnection([
      ...Object.values(desk.live.markets).map((market) => market.state),
      ...(desk.own.account.state === 'closed' ? [] : [desk.own.account.state]),
    ]);
}

const dotClass: Record<Connection, string> = {
  live: 'bg-up',
  connecting: 'bg-ink-3',
  behind: 'bg-warn',
  offline: 'bg-down',
};

/** A dot with its meaning beside it in words, for a glance and for a screen reader; behind it is what the exchange says of itself. */
export function ConnectionDot(): JSX.Element {
  const connection = useConnection();
  return (
    <A
      href="/status"
      class="connection-dot"
      data-testid="connection"
      data-state={connection()}
      title={texts.gap.toStatus(texts.connection[connection()])}
    >
      <span class={`h-2 w-2 rounded-full ${dotClass[connection()]}`} aria-hidden="true" />
      <span class="connection-text">{texts.connection[connection()]}</span>
    </A>
  );
}

/** Says so, and since when, while the figures on screen may be old. */
export function ConnectionBanner(): JSX.Element {
  const desk = useDesk();
  const connection = useConnection();
  /** When it became doubtful; undefined while it is well, or only just is not. */
  const [since, setSince] = createSignal<Date | undefined>();
  const isInDoubt = createMemo(() => isDoubtful(connection()));
  createEffect(() => {
    if (!isInDoubt()) {
      setSince(undefined);
      return;
    }
    const began = new Date(desk.live.heardAtMs() ?? Date.now());
    const timer = setTimeout(() => setSince(began), calmMs);
    onCleanup(() => clearTimeout(timer));
  });
  const reconnect = () => {
    desk.live.hurry();
    desk.own.hurry();
  };
  const t = texts.gap;
  return (
    <div role="status" class="connection-banner" data-testid="connection-banner">
      <Show when={since()}>
        {(began) => (
          <>
            <WarnIcon size={14} />
            <p class="min-w-0">
              <b class="font-semibold">
                {connection() === 'behind' ? t.behind : t.offline}{' '}
                <span class="gap-since">{t.since(formatClock(began()))}</span>
              </b>{' '}
              <span class="gap-meaning">{t.meaning}</span>
            </p>
            <Show when={connection() === 'offline'}>
              <button type="button" class="button button-small" onClick={reconnect}>
                {t.reconnect}
              </button>
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}
