import { For, Show, createEffect, createSignal, untrack, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { filterRecords, type NoticeFilter, type NoticeRecord } from '../../domain/notice-history.ts';
import { formatDateTime } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const filters: readonly NoticeFilter[] = ['all', 'orders', 'risk', 'account'];
const t = texts.history;

/** What happened in this tab, newest first: each stage of each order, alerts, messages. */
export function NoticeHistory(props: { readonly onLeave: () => void }): JSX.Element {
  const desk = useDesk();
  const [filter, setFilter] = createSignal<NoticeFilter>('all');
  const records = () => filterRecords(desk.notices.records(), filter());
  createEffect(() => {
    desk.notices.records();
    untrack(() => desk.notices.markSeen());
  });
  const showReceipt = (signature: string) => {
    props.onLeave();
    desk.showReceipt(signature);
  };
  return (
    <>
      <div class="flex items-center justify-between gap-3 px-3 pt-3">
        <h2 class="text-4 font-semibold">{t.title}</h2>
        <button
          type="button"
          class="button button-quiet button-small"
          disabled={desk.notices.records().length === 0}
          onClick={() => desk.notices.clear()}
        >
          {t.clear}
        </button>
      </div>
      <div class="px-3 py-2">
        <Segmented
          label={t.filter}
          options={filters.map((value) => ({ value, label: t.filters[value] }))}
          value={filter()}
          onChange={setFilter}
        />
      </div>
      <Show when={records().length > 0} fallback={<Notice title={t.empty} text={t.emptyText} />}>
        <ol class="notice-records" tabIndex={0} aria-label={t.title}>
          <For each={records()}>{(record) => <RecordRow record={record} onReceipt={showReceipt} />}</For>
        </ol>
      </Show>
    </>
  );
}

function RecordRow(props: {
  readonly record: NoticeRecord;
  readonly onReceipt: (signature: string) => void;
}): JSX.Element {
  return (
    <li class="notice-record" data-tone={props.record.tone} data-testid="notice-record">
      <p class="flex items-baseline justify-between gap-3">
        <span class="font-semibold">
          {props.record.title}
          <Show when={props.record.count > 1}>
            <span class="ml-1.5 font-normal text-ink-3">{t.times(props.record.count)}</span>
          </Show>
        </span>
        <time class="shrink-0 text-1 text-ink-3" dateTime={new Date(props.record.at).toISOString()}>
          {formatDateTime(new Date(props.record.at))}
        </time>
      </p>
      <p class="text-ink-2">{props.record.text}</p>
      <Show when={props.record.liquidationOf}>
        {(signature) => (
          <button
            type="button"
            class="button button-small mt-1 justify-self-start"
            onClick={() => props.onReceipt(signature())}
          >
            {texts.notices.receipt}
          </button>
        )}
      </Show>
    </li>
  );
}
