import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { overallConnection, type Connection } from '../../domain/connection.ts';
import { texts } from '../../i18n/index.ts';
import { WarnIcon } from '../../ui/icons.tsx';

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

/** A dot with its meaning beside it in words, for a glance and for a screen reader. */
export function ConnectionDot(): JSX.Element {
  const connection = useConnection();
  return (
    <span
      class="flex h-8 items-center gap-1.5 px-1.5 text-ink-2"
      data-testid="connection"
      data-state={connection()}
      title={texts.connection[connection()]}
    >
      <span class={`h-2 w-2 rounded-full ${dotClass[connection()]}`} aria-hidden="true" />
      <span class="connection-text">{texts.connection[connection()]}</span>
    </span>
  );
}

/** Says so while the figures on screen may be old. */
export function ConnectionBanner(): JSX.Element {
  const connection = useConnection();
  const text = () => {
    if (connection() === 'offline') return texts.connection.offlineBanner;
    return connection() === 'behind' ? texts.connection.behindBanner : undefined;
  };
  return (
    <div role="status">
      <Show when={text()}>
        <p class="flex items-center justify-center gap-2 bg-warn-soft px-3 py-1.5 text-warn">
          <WarnIcon size={14} />
          {text()}
        </p>
      </Show>
    </div>
  );
}
