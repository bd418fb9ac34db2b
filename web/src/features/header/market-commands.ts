import { createSignal, onCleanup } from 'solid-js';

/** Whether the list of markets is open; a shortcut opens it too. */
export const [marketPickerOpen, setMarketPickerOpen] = createSignal(false);

let pickers = 0;

/** The button with the list is on screen as long as the component that says so. */
export function announceMarketPicker(): void {
  pickers += 1;
  onCleanup(() => {
    pickers -= 1;
    setMarketPickerOpen(false);
  });
}

/** Opens the list of markets. @returns false where there is none on screen. */
export function openMarketPicker(): boolean {
  if (pickers > 0) setMarketPickerOpen(true);
  return pickers > 0;
}
