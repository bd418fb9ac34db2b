import { useQuery } from '@tanstack/solid-query';
import { For, Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { readinessQuery } from '../../data/status-queries.ts';
import { formatAge, statusParts, statusSummary, type StatusPart } from '../../domain/status-view.ts';
import { texts } from '../../i18n/pages.ts';
import { createClock } from '../../ui/clock.ts';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { useConnection } from '../connection/connection.tsx';

const ageTickMs = 1_000;
/** An answer is of now within this time: tenths of a second that count up say nothing. */
const justNowMs = 2_000;

/** Rows of the skeleton: about what the answer will hold. */
const skeletonRows = 6;
const t = texts.status;

/** The exchange's own word on every part of it, in words, also while it can only say that it is not well. */
export function StatusPage(): JSX.Element {
  const now = createClock(ageTickMs);
  const desk = useDesk();
  const ready = useQuery(() => readinessQuery(desk.api.http));
  const reachable = () => !ready.isError;
  const summary = () => statusSummary(ready.data, reachable());
  const parts = () => (ready.data === undefined ? undefined : statusParts(ready.data));
  const ageMs = () => Math.max(0, now() - ready.dataUpdatedAt);
  const age = () => formatAge(ageMs());
  const askedText = () => {
    if (!reachable()) return ready.data === undefined ? t.neverAnswered : t.lastAnswer(age());
    if (ready.data === undefined) return '';
    return ageMs() < justNowMs ? t.askedNow : t.asked(age());
  };
  return (
    <div class="page-content status">
      <header class="page-head">
        <h1 class="page-title">{texts.shell.pages.status}</h1>
        <p class="text-ink-3">{t.text}</p>
      </header>
      <section class="panel status-summary" data-tone={summary().tone} data-testid="status-summary">
        <p role="status" class="text-4 font-semibold">
          <span class="status-dot" data-tone={summary().tone} aria-hidden="true" />
          {summary().text}
        </p>
        <p class="text-ink-3">{askedText()}</p>
        <p class="text-ink-3">{ready.data === undefined ? '' : t.version(ready.data.version)}</p>
        <button
          type="button"
          class="button button-small"
          disabled={ready.isFetching}
          onClick={() => void ready.refetch()}
        >
          {t.askAgain}
        </button>
      </section>
      {/* Known at once: what has to be asked for comes below it. */}
      <ThisScreen />
      <Show
        when={parts()}
        fallback={
          <Show when={reachable()}>
            <section class="panel" role="status" aria-label={texts.common.loading}>
              <SkeletonRows rows={skeletonRows} />
            </section>
          </Show>
        }
      >
        {(known) => (
          <div class="grid gap-3" classList={{ 'status-old': !reachable() }}>
            <Parts title={t.markets} parts={known().markets} />
            <Parts title={t.services} parts={known().services} />
          </div>
        )}
      </Show>
    </div>
  );
}

function Parts(props: { readonly title: string; readonly parts: readonly StatusPart[] }): JSX.Element {
  return (
    <section class="panel" aria-label={props.title}>
      <h2 class="panel-title">{props.title}</h2>
      <ul>
        <For each={props.parts.map(({ id }) => id)}>
          {(id) => {
            const part = () => props.parts.find((candidate) => candidate.id === id);
            return <Show when={part()}>{(known) => <PartRow part={known()} />}</Show>;
          }}
        </For>
      </ul>
    </section>
  );
}

function PartRow(props: { readonly part: StatusPart }): JSX.Element {
  return (
    <li class="status-part" data-testid={`status-${props.part.id}`} data-tone={props.part.tone}>
      <span class="font-semibold">{props.part.name}</span>
      <span class="status-state" data-tone={props.part.tone}>
        <span class="status-dot" data-tone={props.part.tone} aria-hidden="true" />
        {props.part.state}
      </span>
      <span class="min-w-0 text-ink-2">{props.part.meaning}</span>
      <dl class="status-facts">
        <For each={props.part.facts}>
          {(fact) => (
            <div>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          )}
        </For>
      </dl>
    </li>
  );
}

/** The one part that the exchange cannot tell: whether this page still hears it. */
function ThisScreen(): JSX.Element {
  const connection = useConnection();
  const tones = { live: 'up', connecting: 'neutral', behind: 'warn', offline: 'down' } as const;
  const part = (): StatusPart => ({
    id: 'stream',
    name: t.streams,
    tone: tones[connection()],
    state: texts.connection[connection()],
    meaning: t.meanings.stream[connection()],
    facts: [],
  });
  return <Parts title={t.yourScreen} parts={[part()]} />;
}
