import { For, onMount, splitProps, type JSX } from 'solid-js';

import type { PopoverPlacement } from './popover-window.tsx';
import * as Popover from './popover.tsx';

/** One thing that a menu does. */
export interface MenuEntry {
  readonly label: string;
  readonly testId?: string;
  readonly hint?: string;
  /** A line above it tells it from the rest. */
  readonly apart?: boolean;
  /** Why it cannot be done now: said below its name, and the entry stays where it is. */
  readonly off?: string | undefined;
  readonly onSelect: () => void;
}

interface MenuProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  /** Of the menu, for those who do not see it. */
  readonly name: string;
  readonly entries: readonly MenuEntry[];
  /** Said above the entries. */
  readonly note?: string | undefined;
  readonly placement?: PopoverPlacement;
}

/** A button with a menu: arrows, Home and End move in it, Enter chooses, Escape and Tab leave it. The rest are attributes of the button. */
export function Menu(props: MenuProps): JSX.Element {
  const [own, button] = splitProps(props, ['name', 'entries', 'note', 'placement']);
  return (
    <Popover.Root placement={own.placement ?? 'bottom-end'} gutter={4}>
      <Popover.Trigger {...button} />
      <Popover.Content class="popover min-w-[220px] p-1" aria-label={own.name}>
        {own.note !== undefined && <p class="max-w-[260px] px-2 py-1.5 text-ink-3">{own.note}</p>}
        <Entries name={own.name} entries={own.entries} />
      </Popover.Content>
    </Popover.Root>
  );
}

const lastEntry = -1;

function Entries(props: { readonly name: string; readonly entries: readonly MenuEntry[] }): JSX.Element {
  const leave = Popover.useDismiss();
  let list!: HTMLDivElement;
  const items = () => [...list.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
    ArrowDown: (at, count) => (at + 1) % count,
    ArrowUp: (at, count) => (at - 1 + count) % count,
    Home: () => 0,
    End: () => lastEntry,
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      event.preventDefault();
      leave();
      return;
    }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    all.at(step(at, all.length))?.focus();
  };
  // After the window has taken the focus itself.
  onMount(() => queueMicrotask(() => requestAnimationFrame(() => items()[0]?.focus({ preventScroll: true }))));
  return (
    <div ref={list} role="menu" aria-label={props.name} class="grid" onKeyDown={onKey}>
      <For each={props.entries}>
        {(entry) => (
          <button
            type="button"
            role="menuitem"
            class="menu-item text-left"
            classList={{ 'border-t border-line': entry.apart === true }}
            tabIndex={-1}
            title={entry.hint}
            aria-disabled={entry.off !== undefined}
            data-testid={entry.testId}
            onMouseMove={(event) => event.currentTarget.focus({ preventScroll: true })}
            onClick={() => {
              if (entry.off !== undefined) return;
              // The focus is at the menu's button before a window that opens asks where it was.
              leave();
              entry.onSelect();
            }}
          >
            {entry.label}
            {entry.off !== undefined && <span class="ml-auto pl-3 text-1 text-warn">{entry.off}</span>}
          </button>
        )}
      </For>
    </div>
  );
}
