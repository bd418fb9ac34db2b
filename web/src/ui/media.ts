import { createSignal, onCleanup, type Accessor } from 'solid-js';

/** Whether a media query holds now. */
export function createMedia(query: string): Accessor<boolean> {
  const media = matchMedia(query);
  const [matches, setMatches] = createSignal(media.matches);
  const update = () => setMatches(media.matches);
  media.addEventListener('change', update);
  onCleanup(() => media.removeEventListener('change', update));
  return matches;
}

/** Phones and narrow windows: one panel at a time, the ticket in a sheet. Kept equal to the breakpoint in `layout.css`. */
export const createPhone = (): Accessor<boolean> => createMedia('(max-width: 819px)');

/** Shortcuts use Cmd there, and Ctrl elsewhere. */
export const isMac: boolean = /Mac|iPhone|iPad/.test(navigator.userAgent);
