import { Show, createContext, createSignal, createUniqueId, splitProps, useContext, type JSX } from 'solid-js';

interface TabsState {
  readonly selected: () => string;
  readonly select: (value: string) => void;
  readonly tabId: (value: string) => string;
  readonly panelId: (value: string) => string;
}

const TabsContext = createContext<TabsState>();

function useTabs(): TabsState {
  const state = useContext(TabsContext);
  if (state === undefined) throw new Error('a part of tabs outside of Tabs.Root');
  return state;
}

type Part = JSX.HTMLAttributes<HTMLDivElement>;

interface RootProps extends Omit<Part, 'onChange'> {
  /** Selected from outside; without it the tabs remember themselves. */
  readonly value?: string;
  readonly defaultValue?: string;
  readonly onChange?: (value: string) => void;
}

/** Panels of which one shows, by the keyboard pattern of the ARIA guide: arrows, Home and End move and select. */
export function Root(props: RootProps): JSX.Element {
  const [own, rest] = splitProps(props, ['value', 'defaultValue', 'onChange']);
  const [remembered, remember] = createSignal(own.defaultValue ?? '');
  const id = createUniqueId();
  const select = (value: string) => {
    remember(value);
    own.onChange?.(value);
  };
  const state: TabsState = {
    selected: () => own.value ?? remembered(),
    select,
    tabId: (value) => `${id}-tab-${value}`,
    panelId: (value) => `${id}-panel-${value}`,
  };
  return (
    <TabsContext.Provider value={state}>
      <div {...rest} />
    </TabsContext.Provider>
  );
}

const lastStep = -1;
const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: () => lastStep,
};

export function List(props: Part): JSX.Element {
  const onKey = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    const step = steps[event.key];
    if (step === undefined) return;
    const tabs = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('[role=tab]:not(:disabled)')];
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    const next = tabs.at(step(at, tabs.length));
    next?.focus();
    next?.click();
  };
  return <div {...props} role="tablist" aria-orientation="horizontal" onKeyDown={onKey} />;
}

export function Trigger(props: JSX.ButtonHTMLAttributes<HTMLButtonElement> & { readonly value: string }): JSX.Element {
  const tabs = useTabs();
  const [own, rest] = splitProps(props, ['value']);
  const isSelected = () => tabs.selected() === own.value;
  return (
    <button
      {...rest}
      type="button"
      role="tab"
      id={tabs.tabId(own.value)}
      aria-selected={isSelected()}
      // Of a panel that is not there nothing can be said.
      aria-controls={isSelected() ? tabs.panelId(own.value) : undefined}
      data-selected={isSelected() ? '' : undefined}
      tabIndex={isSelected() ? 0 : lastStep}
      onClick={() => tabs.select(own.value)}
    />
  );
}

/** The panel of a tab; it exists while it shows. */
export function Content(props: Part & { readonly value: string }): JSX.Element {
  const tabs = useTabs();
  const [own, rest] = splitProps(props, ['value']);
  return (
    <Show when={tabs.selected() === own.value}>
      <div
        tabIndex={0}
        {...rest}
        role="tabpanel"
        id={tabs.panelId(own.value)}
        aria-labelledby={tabs.tabId(own.value)}
      />
    </Show>
  );
}
