import type { MarketSymbol } from '#shared/markets.ts';
import { Match, Show, Switch, createEffect, onCleanup, type Accessor, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import type { HistoryReader } from '../../data/history-queries.ts';
import { texts } from '../../i18n/index.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { DataTable, csvFieldsOf, type Column } from './data-table.tsx';
import { ExportMenu } from './export-menu.tsx';
import { MarketFilter, TableTools, setTableMarket, tableMarket } from './table-tools.tsx';
import { ToTicket } from './to-ticket.tsx';

/** A list of the past: filtered by market, read on as it is scrolled, taken away as a file. */
export function HistoryTable<Item extends object>(props: {
  readonly name: string;
  /** Beginning of the file's name. */
  readonly file: string;
  readonly history: HistoryReader<Item>;
  readonly columns: readonly Column<Item>[];
  readonly empty: { readonly title: string; readonly text: string };
  /** Rows of the list that this table shows; all where left out. */
  readonly shows?: (row: Item) => boolean;
  readonly class?: string;
  readonly rowTestId?: string;
  readonly rowData?: (item: Item) => { readonly symbol?: string };
}): JSX.Element {
  const rows = () => props.history.rows()?.filter((row) => props.shows?.(row) ?? true);
  const readAll = async (onProgress: (rows: number) => void) => {
    const all = await props.history.readAll(onProgress);
    return { ...all, rows: all.rows.filter((row) => props.shows?.(row) ?? true) };
  };
  const status = (): PanelStatus => {
    const known = rows();
    if (known !== undefined) return known.length === 0 && !props.history.hasOlder() ? 'empty' : 'data';
    return props.history.error() === undefined ? 'loading' : 'error';
  };
  return (
    <>
      <TableTools>
        <MarketFilter />
        <ExportMenu
          file={props.file}
          fields={csvFieldsOf(props.columns)}
          shown={() => rows() ?? []}
          readAll={readAll}
        />
      </TableTools>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={<EmptyHistory empty={props.empty} market={tableMarket} />}
        errorText={errorText(props.history.error())}
        onRetry={props.history.retry}
      >
        <DataTable
          label={props.name}
          {...(props.class === undefined ? {} : { class: props.class })}
          columns={props.columns}
          items={rows() ?? []}
          {...(props.rowTestId === undefined ? {} : { rowTestId: props.rowTestId })}
          {...(props.rowData === undefined ? {} : { rowData: props.rowData })}
          after={<Older history={props.history} />}
        />
      </PanelState>
    </>
  );
}

/** Nothing at all, or nothing in the chosen market: then the others are one press away. */
function EmptyHistory(props: {
  readonly empty: { readonly title: string; readonly text: string };
  readonly market: Accessor<MarketSymbol | undefined>;
}): JSX.Element {
  const t = tableTexts.common;
  return (
    <Show
      when={props.market()}
      fallback={
        <Notice title={props.empty.title} text={props.empty.text}>
          <ToTicket />
        </Notice>
      }
    >
      {(symbol) => (
        <Notice title={t.noneHere(symbol())} text={t.noneHereText}>
          <button type="button" class="button button-small" onClick={() => setTableMarket(undefined)}>
            {t.showAll}
          </button>
        </Notice>
      )}
    </Show>
  );
}

/** The end of what is read: it reads on when it comes into sight, or when pressed. */
function Older<Item>(props: { readonly history: HistoryReader<Item> }): JSX.Element {
  const t = tableTexts.common;
  let button: HTMLButtonElement | undefined;
  createEffect(() => {
    if (!props.history.hasOlder() || props.history.older() !== 'idle' || button === undefined) return;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) void props.history.loadOlder();
    });
    seen.observe(button);
    onCleanup(() => seen.disconnect());
  });
  return (
    <div class="flex justify-center p-2">
      <Switch>
        <Match when={props.history.hasOlder()}>
          <button
            type="button"
            class="button button-small"
            ref={button}
            aria-busy={props.history.older() === 'loading'}
            onClick={() => void props.history.loadOlder()}
            data-testid="load-older"
          >
            {props.history.older() === 'loading'
              ? t.loadingOlder
              : props.history.older() === 'failed'
                ? `${t.olderFailed}. ${texts.common.retry}`
                : t.loadOlder}
          </button>
        </Match>
        <Match when={props.history.isFull()}>
          <p class="text-ink-3">{t.shownMax}</p>
        </Match>
      </Switch>
    </div>
  );
}
