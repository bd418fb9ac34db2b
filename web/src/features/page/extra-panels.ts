import { createSignal, type Component } from 'solid-js';

/** A panel that joins the desk while it has something to show: to the right of the ticket, on a phone as another tab. */
export interface ExtraPanel {
  readonly id: string;
  readonly label: string;
  /** Its content; the frame around it, its name and its folding are the desk's. */
  readonly component: Component;
  /** False while there is nothing to show: then the desk has no place for it at all. */
  readonly isShown?: () => boolean;
}

const [registered, setRegistered] = createSignal<readonly ExtraPanel[]>([]);

/** Adds a panel. @returns a function that takes it away again. */
export function registerExtraPanel(panel: ExtraPanel): () => void {
  setRegistered((panels) => [...panels.filter(({ id }) => id !== panel.id), panel]);
  return () => setRegistered((panels) => panels.filter((known) => known !== panel));
}

/** The panels that have something to show now. */
export const extraPanels = (): readonly ExtraPanel[] => registered().filter((panel) => panel.isShown?.() ?? true);
