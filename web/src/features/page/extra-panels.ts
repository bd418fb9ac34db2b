import { createSignal, type Component } from 'solid-js';

import { layout } from '../../data/layout-memory.ts';

/** Widths of their column in CSS pixels; `folded`, to its edge, is also in `layout.css`. */
export const extraWidths = { folded: 36, normal: 340, min: 300, max: 560 } as const;
/** From this width of the desk on, the column is open of itself: below it would take its room from the chart. */
const openFromPx = 1_600;

/** Whether the column is folded: as it was left, or else by the room there is. */
export const isExtraFolded = (deskWidth: number): boolean => layout().extraFolded ?? deskWidth < openFromPx;

/**
 * Below this width of the desk there is no room for ticket, open column and a positions table whose last keys, the exits, stand in sight: the
 * column then stands in the ticket's place.
 */
const besideTicketFromPx = 1_360;

/** Whether the open column stands in the ticket's place. */
export const isTicketCovered = (deskWidth: number): boolean =>
  deskWidth > 0 && deskWidth < besideTicketFromPx && !isExtraFolded(deskWidth);

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
