import { Show, createMemo, type JSX } from 'solid-js';

import { directionOf, unknownFigure } from '../domain/format.ts';

const arrows = { up: '▲', down: '▼', flat: '\u00a0' } as const;

/**
 * A gain or a loss: colour, sign and, where there is room, an arrow, so that colour is never the only sign. What is rounded to zero is
 * neither.
 */
export function Signed(props: {
  /** Decides the colour; null shows a dash. */
  readonly value: bigint | null | undefined;
  /** The figure with its sign. */
  readonly text: string;
  /** `always`: its place is there before the first direction, so that nothing slides aside for it. */
  readonly arrow?: boolean | 'always';
  readonly class?: string;
}): JSX.Element {
  const direction = createMemo(() => (/[1-9]/.test(props.text) ? directionOf(props.value ?? 0n) : 'flat'));
  const known = () => props.value !== null && props.value !== undefined;
  return (
    <span
      class={props.class ?? ''}
      classList={{ 'text-up': direction() === 'up', 'text-down': direction() === 'down' }}
    >
      <Show when={known()} fallback={unknownFigure}>
        <Show when={props.arrow === 'always' || (props.arrow === true && direction() !== 'flat')}>
          <span aria-hidden="true" class="mr-0.5 inline-block w-[0.9em] text-center text-[0.75em]">
            {arrows[direction()]}
          </span>
        </Show>
        {/* An element of its own, whose text changes in place: beside the arrow it would be made anew at every tick. */}
        <span>{props.text}</span>
      </Show>
    </span>
  );
}
