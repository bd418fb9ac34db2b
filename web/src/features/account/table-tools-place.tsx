import { createSignal, type JSX } from 'solid-js';

const [place, setPlace] = createSignal<HTMLElement | undefined>();

export const tableToolsPlace = place;

/** Where the tools of the shown table stand: beside the tabs. On a phone they take a row, which is kept for them while a table is `awaited`. */
export function TableToolsPlace(props: { readonly awaited: boolean }): JSX.Element {
  return <div ref={setPlace} class="table-tools" data-awaited={props.awaited ? '' : undefined} />;
}
