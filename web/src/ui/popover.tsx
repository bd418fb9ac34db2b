import { Show, createContext, createSignal, createUniqueId, splitProps, useContext, type JSX } from 'solid-js';

import { deferred } from './deferred.tsx';
import type { PopoverPlacement } from './popover-window.tsx';

/** The window itself, with its placing and its focus, is fetched when the first one opens. */
const PopoverWindow = deferred(() => import('./popover-window.tsx').then((module) => module.PopoverWindow));

interface PopoverState {
  readonly id: string;
  readonly isOpen: () => boolean;
  readonly show: (open: boolean) => void;
  readonly trigger: () => HTMLElement | undefined;
  readonly setTrigger: (element: HTMLElement) => void;
  readonly placement: () => PopoverPlacement;
  readonly gutter: () => number;
}

const PopoverContext = createContext<PopoverState>();

function usePopover(): PopoverState {
  const state = useContext(PopoverContext);
  if (state === undefined) throw new Error('a part of a popover outside of Popover.Root');
  return state;
}

interface RootProps {
  /** Opened from outside; without it the popover remembers itself. */
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly placement?: PopoverPlacement;
  /** Pixels between the button and the window. */
  readonly gutter?: number;
  readonly children: JSX.Element;
}

/** A small window beside the button that opens it. Escape and a press elsewhere close it; the focus returns to the button. */
export function Root(props: RootProps): JSX.Element {
  const [remembered, remember] = createSignal(false);
  const [trigger, setTrigger] = createSignal<HTMLElement>();
  const state: PopoverState = {
    id: createUniqueId(),
    isOpen: () => props.open ?? remembered(),
    show: (open) => {
      // Before whatever an entry of it opens asks where the focus was. A press elsewhere takes the focus there afterwards.
      if (!open) trigger()?.focus({ preventScroll: true });
      remember(open);
      props.onOpenChange?.(open);
    },
    trigger,
    setTrigger,
    placement: () => props.placement ?? 'bottom',
    gutter: () => props.gutter ?? 0,
  };
  return <PopoverContext.Provider value={state}>{props.children}</PopoverContext.Provider>;
}

export function Trigger(props: JSX.ButtonHTMLAttributes<HTMLButtonElement>): JSX.Element {
  const popover = usePopover();
  return (
    <button
      {...props}
      ref={popover.setTrigger}
      type="button"
      aria-haspopup="dialog"
      aria-expanded={popover.isOpen()}
      aria-controls={popover.isOpen() ? popover.id : undefined}
      onClick={() => popover.show(!popover.isOpen())}
    />
  );
}

/** Closes the popover from inside, as its button and Escape do: the focus is back at the button at once. */
export function useDismiss(): () => void {
  const popover = usePopover();
  return () => popover.show(false);
}

interface ContentProps {
  readonly class?: string;
  readonly 'aria-label': string;
  readonly 'data-testid'?: string;
  readonly children: JSX.Element;
}

export function Content(props: ContentProps): JSX.Element {
  const popover = usePopover();
  const [own, rest] = splitProps(props, ['children']);
  return (
    <Show when={popover.isOpen()}>
      <PopoverWindow
        {...rest}
        id={popover.id}
        anchor={popover.trigger}
        placement={popover.placement()}
        gutter={popover.gutter()}
        onClose={() => popover.show(false)}
      >
        {own.children}
      </PopoverWindow>
    </Show>
  );
}
