import { createRenderEffect } from 'solid-js';

/** Whoever opened the window may have a better place for the focus than the page: this waits for that. */
const fallbackDelayMs = 120;

const isFocusLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/**
 * Gives the focus back when a window closes: to what had it when the window opened, or, where that is gone, to the page's content. Windows
 * here are opened from signals, not by a trigger of their own, so that nobody else knows where the focus was.
 * @returns the handler for `onCloseAutoFocus`
 */
export function createFocusReturn(isOpen: () => boolean): (event: Event) => void {
  let opener: Element | null = null;
  createRenderEffect(() => {
    if (isOpen()) opener = document.activeElement;
  });
  return (event) => {
    event.preventDefault();
    if (!isFocusLost()) return;
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    if (!isFocusLost() || opener === document.body) return;
    setTimeout(() => {
      if (isFocusLost()) document.getElementById('main')?.focus({ preventScroll: true });
    }, fallbackDelayMs);
  };
}
