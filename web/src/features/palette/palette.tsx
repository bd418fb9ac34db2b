import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import * as Dialog from '@kobalte/core/dialog';
import { For, Show, createEffect, createMemo, createSignal, createUniqueId, on, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, unknownFigure } from '../../domain/format.ts';
import { rankItems, type Ranked } from '../../domain/fuzzy.ts';
import { texts } from '../../i18n/index.ts';
import { createFocusReturn } from '../../ui/focus-return.ts';
import { SearchIcon } from '../../ui/icons.tsx';
import { WindowShade } from '../../ui/window-shade.tsx';
import { KeyCaps } from './key-caps.tsx';
import { isCommandOpen, type Command } from './commands.ts';
import { closePalette, recentCommands, rememberCommand, type PaletteScope } from './state.ts';

const t = texts.commands;

/** Everything by name: type, arrows, Enter. What was used last stands first. */
export function Palette(props: { readonly commands: readonly Command[]; readonly scope: PaletteScope }): JSX.Element {
  const listId = createUniqueId();
  const [query, setQuery] = createSignal('');
  const [active, setActive] = createSignal(0);
  const returnFocus = createFocusReturn(() => true);
  let list!: HTMLUListElement;
  /** Chosen: run after the window is gone and the focus is back, so that a command may move it. */
  let chosen: Command | undefined;

  const candidates = createMemo(() =>
    props.commands.filter(
      (command) =>
        command.sheetOnly !== true &&
        (props.scope === 'all' || command.section === 'markets') &&
        isCommandOpen(command),
    ),
  );
  const found = createMemo(() => rankItems(query(), candidates(), recentCommands()));
  const optionId = (id: string) => `${listId}-${id}`;
  const activeId = () => found()[active()]?.item.id;
  /** Without a query, where a section begins. */
  const heading = (index: number): string | undefined => {
    if (query().trim() !== '') return undefined;
    const groupOf = (at: number) => {
      const item = found()[at]?.item;
      if (item === undefined) return undefined;
      return recentCommands().includes(item.id) ? t.recent : t.sections[item.section];
    };
    return groupOf(index) === groupOf(index - 1) ? undefined : groupOf(index);
  };
  const choose = (command: Command) => {
    rememberCommand(command.id);
    chosen = command;
    closePalette();
    queueMicrotask(() => setTimeout(() => chosen?.run()));
  };
  const move = (to: number) => setActive((to + found().length) % Math.max(1, found().length));
  const onKey = (event: KeyboardEvent) => {
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(active() + 1),
      ArrowUp: () => move(active() - 1),
      Home: () => move(0),
      End: () => move(found().length - 1),
      Enter: () => {
        const command = found()[active()]?.item;
        if (command !== undefined) choose(command);
      },
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  createEffect(
    on(activeId, (id) =>
      list.querySelector(`#${CSS.escape(optionId(id ?? ''))}`)?.scrollIntoView({ block: 'nearest' }),
    ),
  );
  const label = () => (props.scope === 'markets' ? texts.header.searchMarkets : t.search);

  return (
    <Dialog.Root open onOpenChange={(open) => !open && closePalette()}>
      <Dialog.Portal>
        <WindowShade />
        <div class="palette-place">
          <Dialog.Content class="palette" data-testid="palette" onCloseAutoFocus={returnFocus}>
            <Dialog.Title class="visually-hidden">{t.palette}</Dialog.Title>
            <div class="palette-field">
              <SearchIcon />
              <input
                role="combobox"
                aria-expanded="true"
                aria-controls={listId}
                aria-activedescendant={activeId() === undefined ? undefined : optionId(activeId() ?? '')}
                aria-label={label()}
                placeholder={label()}
                autocomplete="off"
                spellcheck={false}
                value={query()}
                onInput={(event) => {
                  setQuery(event.currentTarget.value);
                  setActive(0);
                }}
                onKeyDown={onKey}
                data-testid="palette-input"
              />
            </div>
            <ul ref={list} id={listId} role="listbox" aria-label={label()} class="palette-list">
              <For each={found()}>
                {(ranked, index) => (
                  <>
                    <Show when={heading(index())}>
                      {(text) => (
                        <li role="presentation" class="palette-heading">
                          {text()}
                        </li>
                      )}
                    </Show>
                    <li
                      id={optionId(ranked.item.id)}
                      role="option"
                      aria-selected={index() === active()}
                      class="palette-option"
                      onMouseMove={() => setActive(index())}
                      onClick={() => choose(ranked.item)}
                    >
                      <Marked ranked={ranked} />
                      <Show when={ranked.item.symbol}>{(symbol) => <MarketPrice symbol={symbol()} />}</Show>
                      <Show when={ranked.item.keys}>{(keys) => <KeyCaps keys={keys()} />}</Show>
                    </li>
                  </>
                )}
              </For>
            </ul>
            <p role="status" class="px-3 py-3 text-ink-3 empty:hidden">
              {found().length === 0 ? t.nothingFound : ''}
            </p>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The title with the found characters marked. */
function Marked(props: { readonly ranked: Ranked<Command> }): JSX.Element {
  return (
    <span class="min-w-0 flex-1 truncate">
      <For each={[...props.ranked.item.title]}>
        {(character, index) => (
          <Show when={props.ranked.at.includes(index())} fallback={character}>
            <b class="font-semibold text-accent">{character}</b>
          </Show>
        )}
      </For>
    </span>
  );
}

function MarketPrice(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const price = () => desk.live.markets[props.symbol].price?.price;
  return (
    <span class="text-ink-2">
      {price() === undefined ? unknownFigure : formatPrice(price() ?? 0n, marketOf(props.symbol).priceDecimals)}
    </span>
  );
}
