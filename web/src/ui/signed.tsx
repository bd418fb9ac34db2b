import { Show, type JSX } from 'solid-js';

import { directionOf, unknownFigure } from '../domain/format.ts';

/** A gain or a loss: colour, sign and, where there is room, an arrow, so that colour is never the only sign. */
export function Signed(props: {
  /** Decides the colour; null shows a dash. */
  readonly value: bigint | null | undefined;
  /** The figure with its sign. */
  readonly text: string;
  readonly arrow?: boolean;
  readonly class?: string;
}): JSX.Element {
  const direction = () => directionOf(props.value ?? 0n);
  return (
    <span
      class={props.class ?? ''}
      classList={{ 'text-up': direction() === 'up', 'text-down': direction() === 'down' }}
    >
      <Show when={props.value !== null && props.value !== undefined} fallback={unknownFigure}>
        <Show when={props.arrow}>
          <span aria-hidden="true" class="mr-0.5 inline-block w-[0.9em] text-center text-[0.75em]">
            {direction() === 'up' ? '▲' : direction() === 'down' ? '▼' : ''}
          </span>
        </Show>
        {props.text}
      </Show>
    </span>
  );
}
