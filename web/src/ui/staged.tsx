import { Show, createSignal, onCleanup, onMount, type JSX } from 'solid-js';

import { painted } from './next-paint.ts';

/** Parts that wait for their turn: as many as a page has. */
const waiting = new Set<() => void>();
let isRunning = false;

/** One part after each paint. */
async function run(): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  while (waiting.size > 0) {
    await painted();
    const [next] = waiting;
    if (next === undefined) continue;
    waiting.delete(next);
    next();
  }
  isRunning = false;
}

/**
 * A part of a page that is built after the parts before it have been painted, in a task of its own: the page shows sooner, and answers in
 * between. Its place has to be as large without it.
 */
export function Staged(props: { readonly placeholder?: JSX.Element; readonly children: JSX.Element }): JSX.Element {
  const [isDue, setDue] = createSignal(false);
  onMount(() => {
    const build = () => setDue(true);
    waiting.add(build);
    void run();
    onCleanup(() => waiting.delete(build));
  });
  return (
    <Show when={isDue()} fallback={props.placeholder}>
      {props.children}
    </Show>
  );
}
