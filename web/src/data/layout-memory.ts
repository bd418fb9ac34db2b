import { createSignal } from 'solid-js';
import * as z from 'zod';

import { readRemembered, remember } from './remembered.ts';

const storageKey = 'quantdesk.layout';
const sizePx = z.number().int().min(0).max(10_000);

/** How the trader has divided the desk. What is missing has the size it comes with. */
const layoutSchema = z.object({
  sideWidth: sizePx.exactOptional(),
  tablesHeight: sizePx.exactOptional(),
  extraWidth: sizePx.exactOptional(),
  /** The extra panel is folded to its edge. */
  extraFolded: z.boolean().exactOptional(),
});

export type Layout = z.infer<typeof layoutSchema>;
export type LayoutSize = 'sideWidth' | 'tablesHeight' | 'extraWidth';

const [layout, setLayout] = createSignal<Layout>(readRemembered(storageKey, layoutSchema) ?? {});

export { layout };

export function changeLayout(patch: Layout): void {
  const next = { ...layout(), ...patch };
  remember(storageKey, next);
  setLayout(next);
}

/** Back to the size it comes with. */
export function resetSize(name: LayoutSize): void {
  const { [name]: _, ...next } = layout();
  remember(storageKey, next);
  setLayout(next);
}
