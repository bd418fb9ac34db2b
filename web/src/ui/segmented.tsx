import { For, type JSX } from 'solid-js';

export interface SegmentedOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** One choice out of a few, all in sight. Arrow keys move the choice, as in any radio group. */
export function Segmented<T extends string>(props: {
  readonly label: string;
  readonly options: readonly SegmentedOption<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly class?: string;
  /** A class per value, for a choice that carries a colour. */
  readonly classOf?: (value: T) => string;
}): JSX.Element {
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }, step: number) => {
    event.preventDefault();
    const at = props.options.findIndex((option) => option.value === props.value);
    const next = props.options[(at + step + props.options.length) % props.options.length];
    if (next === undefined) return;
    props.onChange(next.value);
    event.currentTarget.querySelector<HTMLElement>(`[data-value="${next.value}"]`)?.focus();
  };
  return (
    <div
      role="radiogroup"
      aria-label={props.label}
      class={`segmented ${props.class ?? ''}`}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowDown') move(event, 1);
        if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') move(event, -1);
      }}
    >
      <For each={props.options}>
        {(option) => (
          <button
            type="button"
            role="radio"
            aria-checked={option.value === props.value}
            tabIndex={option.value === props.value ? 0 : -1}
            data-value={option.value}
            class={props.classOf?.(option.value) ?? ''}
            onClick={() => props.onChange(option.value)}
          >
            {option.label}
          </button>
        )}
      </For>
    </div>
  );
}
