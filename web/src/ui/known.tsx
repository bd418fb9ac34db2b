import { Show, type JSX } from 'solid-js';

import { unknownFigure } from '../domain/format.ts';

/**
 * A figure, or the dash until it is known: each an element of its own, so that a figure that ends at the right edge comes into the place that is
 * kept for it instead of growing out of the dash. From then on its text changes where it stands.
 */
export function Known(props: { readonly text: string }): JSX.Element {
  return (
    <Show when={props.text !== unknownFigure} fallback={unknownFigure}>
      <span>{props.text}</span>
    </Show>
  );
}
