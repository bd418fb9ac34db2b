import { For, Show, createSignal, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { texts } from '../../i18n/index.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { extraPanels } from './extra-panels.ts';

/** The column of panels that joined the desk: one at a time, or folded to its edge. */
export function ExtraPanelColumn(props: {
  readonly folded: boolean;
  readonly onFold: (folded: boolean) => void;
  /** The edge by which its width is changed; there is none while it is folded. */
  readonly children: JSX.Element;
}): JSX.Element {
  const [chosen, setChosen] = createSignal<string | undefined>();
  const shown = () => extraPanels().find(({ id }) => id === chosen()) ?? extraPanels()[0];
  const label = () => shown()?.label ?? '';
  let column!: HTMLElement;
  /** The key that was pressed goes with the state it changed: the focus stays on the one in its place. */
  const fold = (folded: boolean) => {
    props.onFold(folded);
    column.querySelector<HTMLElement>('[aria-expanded]')?.focus({ preventScroll: true });
  };
  const t = texts.layout;
  return (
    <aside ref={column} id="desk-extra" class="desk-extra panel" aria-label={label()} data-testid="extra-panel">
      <Show
        when={!props.folded}
        fallback={
          <button type="button" class="extra-edge" aria-expanded="false" onClick={() => fold(false)}>
            <span class="visually-hidden">{t.unfold(label())}</span>
            <span aria-hidden="true" class="rotate-90">
              <ChevronIcon />
            </span>
            <span aria-hidden="true" class="extra-edge-label">
              {label()}
            </span>
          </button>
        }
      >
        {props.children}
        <div class="flex h-9 shrink-0 items-center gap-2 border-b border-line pr-1 pl-3">
          <Show when={extraPanels().length > 1} fallback={<h2 class="text-3 font-semibold">{label()}</h2>}>
            <Segmented
              label={t.panels}
              options={extraPanels().map(({ id, label: name }) => ({ value: id, label: name }))}
              value={shown()?.id ?? ''}
              onChange={setChosen}
            />
          </Show>
          <button
            type="button"
            class="button button-quiet icon-button ml-auto"
            aria-expanded="true"
            aria-label={t.fold(label())}
            title={t.fold(label())}
            onClick={() => fold(true)}
          >
            <span class="-rotate-90">
              <ChevronIcon />
            </span>
          </button>
        </div>
        <div class="min-h-0 flex-1 overflow-y-auto">
          <For each={shown() === undefined ? [] : [shown()]}>{(panel) => <Dynamic component={panel?.component} />}</For>
        </div>
      </Show>
    </aside>
  );
}
