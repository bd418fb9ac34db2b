import type { SessionDto } from '#shared/protocol/auth.ts';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { For, Show, createSignal, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatDateTime } from '../../domain/format.ts';
import { programOf } from '../../domain/portfolio/session-name.ts';
import { texts } from '../../i18n/pages.ts';
import { deferred } from '../../ui/deferred.tsx';
import { PagePanel } from '../../ui/page-panel.tsx';
import { PanelState } from '../../ui/panel-state.tsx';
import { useAttempt } from './use-action.ts';
import { listStatus, usePortfolio } from './use-record.ts';

const ApiSessionDialog = deferred(() => import('./api-session-dialog.tsx').then((module) => module.ApiSessionDialog));

const t = texts.portfolio.sessions;
const nameOf = (session: SessionDto): string => session.name ?? programOf(session.user_agent) ?? t.unknown;

/** Who is signed in with this wallet, with the way to end each of them. */
export function SessionsPanel(): JSX.Element {
  const { desk, queries, address, enabled } = usePortfolio();
  const queryClient = useQueryClient();
  const sessions = useQuery(() => ({ ...queries.sessions(address()), enabled: enabled() }));
  const [isOpen, setOpen] = createSignal(false);
  const { busy, error, attempt } = useAttempt();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['sessions'] });
  const end = (session: SessionDto) =>
    attempt(async () => {
      await desk.client.auth.endSession(session.id);
      desk.notices.show({ tone: 'neutral', title: t.ended, text: nameOf(session) });
      await refresh();
    });
  const endOthers = () =>
    attempt(async () => {
      const { ended } = await desk.client.auth.endOtherSessions();
      desk.notices.show({ tone: 'neutral', title: t.title, text: t.endedOthers(ended) });
      await refresh();
    });
  const others = () => sessions.data?.filter(({ is_current }) => !is_current).length ?? 0;
  return (
    <PagePanel title={t.title} testId="sessions">
      <div class="page-panel-body">
        <p class="text-ink-3">{t.text}</p>
        <PanelState
          status={listStatus(sessions, sessions.data)}
          skeleton={<div class="skeleton h-[100px]" />}
          empty={null}
          errorText={errorText(sessions.error)}
          onRetry={() => void sessions.refetch()}
        >
          <ul class="grid gap-2">
            <For each={sessions.data}>
              {(session) => <SessionRow session={session} busy={busy()} onEnd={() => void end(session)} />}
            </For>
          </ul>
          <p role="alert" class="text-down empty:hidden">
            {error()}
          </p>
          <div class="flex gap-2">
            <button type="button" class="button flex-1" onClick={() => setOpen(true)} data-testid="new-api-session">
              {t.create}
            </button>
            <button
              type="button"
              class="button"
              disabled={busy() || others() === 0}
              onClick={() => void endOthers()}
              data-testid="end-other-sessions"
            >
              {t.endOthers}
            </button>
          </div>
        </PanelState>
      </div>
      <Show when={isOpen()}>
        <ApiSessionDialog onClose={() => setOpen(false)} onCreated={() => void refresh()} />
      </Show>
    </PagePanel>
  );
}

function SessionRow(props: {
  readonly session: SessionDto;
  readonly busy: boolean;
  readonly onEnd: () => void;
}): JSX.Element {
  const at = (time: string) => formatDateTime(new Date(time)).slice(0, -3);
  return (
    <li
      class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 rounded border border-line px-2.5 py-2"
      data-testid="session"
    >
      <div class="min-w-0">
        <p class="flex items-center gap-2">
          <span class="truncate font-medium">{nameOf(props.session)}</span>
          <Show when={props.session.name !== null}>
            <span class="tag">{t.api}</span>
          </Show>
          <Show when={props.session.is_current}>
            <span class="tag" data-tone="accent">
              {t.current}
            </span>
          </Show>
        </p>
        <p class="mt-0.5 text-1 text-ink-3">{`${t.used} ${at(props.session.last_used_at)} · ${t.ends} ${at(props.session.expires_at)}`}</p>
      </div>
      <Show when={!props.session.is_current}>
        <button
          type="button"
          class="button button-small"
          disabled={props.busy}
          onClick={() => props.onEnd()}
          aria-label={t.endLabel(nameOf(props.session))}
        >
          {t.end}
        </button>
      </Show>
    </li>
  );
}
