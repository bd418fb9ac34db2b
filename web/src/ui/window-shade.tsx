import * as Kobalte from '@kobalte/core/dialog';
import { onCleanup, onMount, type JSX } from 'solid-js';

/** Windows that are open: one may open another. */
let shades = 0;

function count(change: 1 | -1): void {
  shades += change;
  // On the body for the stylesheet: asked for by :has(), every element that comes or goes would have the whole page looked up anew.
  document.body.toggleAttribute('data-window', shades > 0);
}

/** What lies over the page while a window is open. */
export function WindowShade(): JSX.Element {
  onMount(() => count(1));
  onCleanup(() => count(-1));
  return <Kobalte.Overlay class="overlay" />;
}
