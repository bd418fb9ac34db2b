import { createSignal } from 'solid-js';

import type { Highlight } from '../domain/mikey/citation-target.ts';

/** How long what was pointed at stays marked. */
const shownMs = 8_000;

const [highlight, setHighlight] = createSignal<Highlight | undefined>();
let ending: ReturnType<typeof setTimeout> | undefined;

/** What of the desk is pointed at now; undefined for nothing. */
export const highlighted = highlight;

/** Points at a part of the desk for a while; what was pointed at before is let go. */
export function pointAt(target: Highlight): void {
  clearTimeout(ending);
  setHighlight({ ...target });
  ending = setTimeout(() => setHighlight(undefined), shownMs);
}
