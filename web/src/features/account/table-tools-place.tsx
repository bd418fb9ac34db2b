import { createSignal, type JSX } from 'solid-js';

const [place, setPlace] = createSignal<HTMLElement | undefined>();

export const tableToolsPlace = place;

/** Where the tools of the shown table stand: beside the tabs, so that they take no row of their own. */
export function TableToolsPlace(): JSX.Element {
  return <div ref={setPlace} class="table-tools" />;
}
