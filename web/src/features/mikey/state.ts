import { createSignal } from 'solid-js';

const [open, setOpen] = createSignal(false);
const [focusAsked, setFocusAsked] = createSignal(0);
/** What had the focus before MIKEY was asked for. */
let opener: HTMLElement | null = null;
let isFocusDue = false;

/** Whether MIKEY is asked for; on the desk its column stands for it, elsewhere a sheet or a drawer. */
export const isAssistantOpen = open;

/** Changes with each time the question field is asked for. */
export const assistantFocusAsked = focusAsked;

/** Shows MIKEY, wherever its place is, with the cursor in the question field. */
export function openAssistant(): void {
  const at = document.activeElement;
  if (at instanceof HTMLElement && at.closest('.mikey') === null) opener = at;
  isFocusDue = true;
  setOpen(true);
  setFocusAsked((count) => count + 1);
}

export const closeAssistant = (): void => void setOpen(false);

/** Whether the question field is asked for and not there yet. */
export const isAssistantFocusDue = (): boolean => isFocusDue;

/** True once for each time the question field was asked for. */
export function takeAssistantFocus(): boolean {
  const isDue = isFocusDue;
  isFocusDue = false;
  return isDue;
}

/** Gives the focus back to where it was when MIKEY was asked for, or else to what `fallback` finds. */
export function returnAssistantFocus(fallback: () => HTMLElement | null): void {
  const to = opener?.isConnected === true && opener !== document.body ? opener : fallback();
  opener = null;
  to?.focus({ preventScroll: true });
}
