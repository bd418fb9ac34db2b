import type { CsvField } from '#shared/csv.ts';
import { For, Show, createMemo, createSignal, onCleanup, onMount, untrack, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { columnRooms } from '../../domain/column-rooms.ts';
import { compareBy, type SortValue } from '../../domain/row-order.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { createSight, type LineSight } from '../../ui/sight.ts';
import { focusTables } from './dialogs.ts';

/**
 * A column, described once: what it is called, what a cell of it shows, how rows are sorted by it, and what it is in a file. `Item` is what
 * the list holds; `Row` is what a line makes of it once, live figures included.
 */
export interface Column<Item, Row = Item> {
  readonly id: string;
  readonly label: string;
  /** Its name is for assistive technology alone: a column of buttons. */
  readonly isUnnamed?: boolean;
  readonly hint?: string;
  /** Of its cells and its head. */
  readonly class?: string;
  /** Of its cells alone. */
  readonly cellClass?: string;
  /** Room its figures keep, in digits: a longer one moves nothing. */
  readonly digits?: number;
  /** Of an item, what is as long as the longest that is shown of it; where that may be longer than `digits`. */
  readonly longest?: (item: Item) => string;
  /** Called once per line; what it reads of signals changes in place. */
  readonly cell: (row: Row) => JSX.Element;
  readonly cellTestId?: string;
  /** What rows are put in order by, as it is when the order is chosen. */
  readonly sortBy?: (item: Item) => SortValue;
  readonly csv?: readonly CsvField<Item>[];
}

/** The fields of a file of these columns. */
export const csvFieldsOf = <Item, Row>(columns: readonly Column<Item, Row>[]): CsvField<Item>[] =>
  columns.flatMap(({ csv }) => csv ?? []);

interface Sorting {
  readonly columnId: string;
  readonly isDescending: boolean;
}

/** The chosen order of the rows. It is taken when it is chosen, and when rows come or go: figures that live do not shuffle the lines. */
function createSorting<Item, Row>(columns: () => readonly Column<Item, Row>[], items: () => readonly Item[]) {
  const [sorting, setSorting] = createSignal<Sorting | undefined>();
  const sorted = createMemo(() => {
    const listed = [...items()];
    const chosen = sorting();
    const valueOf = columns().find(({ id }) => id === chosen?.columnId)?.sortBy;
    if (chosen === undefined || valueOf === undefined) return listed;
    return untrack(() => listed.sort(compareBy(valueOf, chosen.isDescending)));
  });
  /** Largest first, then smallest first, then as it was. */
  const press = (columnId: string) =>
    setSorting((held) => {
      if (held?.columnId !== columnId) return { columnId, isDescending: true };
      return held.isDescending ? { columnId, isDescending: false } : undefined;
    });
  const stateOf = (columnId: string) => {
    const chosen = sorting();
    if (chosen?.columnId !== columnId) return 'none';
    return chosen.isDescending ? 'descending' : 'ascending';
  };
  return { sorted, press, stateOf };
}

/** What style a column's cells and head have in common. */
const classOf = ({ class: own, isUnnamed }: Pick<Column<never>, 'class' | 'isUnnamed'>): string =>
  [own, isUnnamed === true ? 'keys' : undefined].filter(Boolean).join(' ');

/** The first cell of a line names it: who hears a figure further along also hears whose it is. */
const cellKinds = {
  head: { component: 'th', scope: 'row', role: 'rowheader' },
  plain: { component: 'td', role: 'cell' },
} as const;

/** The table of every list: lines by identity, so that a change touches the cells it changes; cards on a phone. */
export function DataTable<Item extends object, Row = Item>(props: {
  readonly label: string;
  readonly columns: readonly Column<Item, Row>[];
  readonly items: readonly Item[];
  /** What a line shows of an item, made once; `sight` spares what nobody sees. Left out where that is the item itself. */
  readonly rowOf?: (item: Item, sight: LineSight) => Row;
  readonly class?: string;
  /**
   * Its figures change at every tick: on a desk each line is laid out by itself, in the widths that the columns name, and lines out of sight not
   * at all. As one table every figure would have all lines measured again.
   */
  readonly isLive?: boolean;
  readonly rowTestId?: string;
  readonly rowData?: (item: Item) => {
    readonly symbol?: string;
    readonly group?: string | undefined;
    readonly isHighlighted?: boolean;
  };
  /** Lines before the others that are no items. */
  readonly before?: JSX.Element;
  /** Below the table. */
  readonly after?: JSX.Element;
}): JSX.Element {
  const { sorted, press, stateOf } = createSorting(
    () => props.columns,
    () => props.items,
  );
  /** The line that had the focus last: a button that goes off in it takes the focus along before the line itself goes. */
  let lastFocused: Element | null = null;
  const takesFocusAlong = (line: HTMLTableRowElement | undefined): boolean => {
    const at = document.activeElement;
    if (line === undefined) return false;
    return line.contains(at) || ((at === null || at === document.body) && lastFocused === line);
  };
  const sight = createSight();
  const rooms = createMemo(() => (props.isLive === true ? columnRooms(props.columns, props.items) : undefined));
  const roomOf = ({ id }: Column<Item, Row>): JSX.CSSProperties => rooms()?.of(id) ?? {};
  const rowOf = (item: Item, of: LineSight): Row =>
    props.rowOf === undefined ? (item as unknown as Row) : props.rowOf(item, of);
  return (
    <>
      <table
        class={`grid-table ${props.class ?? ''}`}
        classList={{ 'live-table': props.isLive === true }}
        style={rooms()?.together ?? {}}
        aria-label={props.label}
        role="table"
      >
        <thead role="rowgroup">
          <tr role="row">
            <For each={props.columns}>
              {(column) => (
                <Head column={column} room={roomOf(column)} sort={stateOf(column.id)} onSort={() => press(column.id)} />
              )}
            </For>
          </tr>
        </thead>
        <tbody role="rowgroup" onFocusIn={(event) => (lastFocused = event.target.closest('tr'))}>
          {props.before}
          <For each={sorted()}>
            {(item) => {
              const lineSight = sight.line();
              const initialRow = rowOf(item, lineSight);
              let line!: HTMLTableRowElement;
              onMount(() => lineSight.watch(line));
              // A line that goes with the focus in it leaves it to the tables, not to the top of the page.
              onCleanup(() => takesFocusAlong(line) && focusTables());
              return (
                <tr
                  ref={line}
                  role="row"
                  data-testid={props.rowTestId}
                  data-symbol={props.rowData?.(item).symbol}
                  data-group={props.rowData?.(item).group}
                  data-highlighted={props.rowData?.(item).isHighlighted === true ? '' : undefined}
                >
                  <For each={props.columns}>
                    {(column, at) => (
                      <Dynamic
                        {...cellKinds[at() === 0 ? 'head' : 'plain']}
                        data-label={column.isUnnamed === true ? undefined : column.label}
                        class={`${classOf(column)} ${column.cellClass ?? ''}`}
                        style={roomOf(column)}
                        data-testid={column.cellTestId}
                      >
                        {column.cell(initialRow)}
                      </Dynamic>
                    )}
                  </For>
                </tr>
              );
            }}
          </For>
        </tbody>
      </table>
      {props.after}
    </>
  );
}

function Head<Item, Row>(props: {
  readonly column: Column<Item, Row>;
  /** Its width, where lines are laid out by themselves. */
  readonly room: JSX.CSSProperties;
  readonly sort: 'none' | 'ascending' | 'descending';
  readonly onSort: () => void;
}): JSX.Element {
  const width = (): JSX.CSSProperties =>
    '--digits' in props.room || props.column.digits === undefined
      ? props.room
      : { 'min-width': `${props.column.digits + 2}ch` };
  return (
    <th
      scope="col"
      role="columnheader"
      class={classOf(props.column)}
      title={props.column.hint}
      style={width()}
      aria-sort={props.column.sortBy === undefined ? undefined : props.sort}
    >
      <Show
        when={props.column.sortBy}
        fallback={<span classList={{ 'visually-hidden': props.column.isUnnamed === true }}>{props.column.label}</span>}
      >
        <button
          type="button"
          class="sort-button"
          title={tableTexts.common.sortBy(props.column.label)}
          onClick={() => props.onSort()}
        >
          {props.column.label}
          <span aria-hidden="true" class="sort-mark">
            {props.sort === 'descending' ? '▼' : props.sort === 'ascending' ? '▲' : ''}
          </span>
        </button>
      </Show>
    </th>
  );
}

/** A figure and what belongs to it, one above the other. */
export function Pair(props: {
  readonly over: JSX.Element;
  readonly under: JSX.Element;
  /** What is below may be missing: then what is above stands in the middle. */
  readonly isOptional?: boolean;
}): JSX.Element {
  return (
    <span class="pair">
      <span>{props.over}</span>
      <span class={props.isOptional === true ? 'pair-optional' : undefined}>{props.under}</span>
    </span>
  );
}
