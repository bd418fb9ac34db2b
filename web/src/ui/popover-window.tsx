import * as Kobalte from '@kobalte/core/popover';
import { splitProps, type JSX } from 'solid-js';

export type PopoverPlacement = 'bottom-start' | 'bottom-end' | 'bottom' | 'top-start' | 'top-end' | 'top';

interface PopoverWindowProps {
  readonly id: string;
  readonly class?: string;
  readonly 'aria-label': string;
  readonly anchor: () => HTMLElement | undefined;
  readonly placement: PopoverPlacement;
  readonly gutter: number;
  readonly onClose: () => void;
  readonly children: JSX.Element;
}

/** An open popover beside its button. A press on the button is the button's business: it closes the popover by itself. */
export function PopoverWindow(props: PopoverWindowProps): JSX.Element {
  const [own, rest] = splitProps(props, ['anchor', 'placement', 'gutter', 'onClose', 'children']);
  return (
    <Kobalte.Root
      open
      onOpenChange={(open) => !open && own.onClose()}
      anchorRef={own.anchor}
      placement={own.placement}
      gutter={own.gutter}
    >
      <Kobalte.Portal>
        <Kobalte.Content
          {...rest}
          onInteractOutside={(event) => {
            if (event.target instanceof Node && own.anchor()?.contains(event.target)) event.preventDefault();
          }}
          // The button has it already.
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {own.children}
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte.Root>
  );
}
