import { createUniqueId, type JSX } from 'solid-js';

/** A choice that is on or off at once, without saving. The whole row is the target. */
export function Switch(props: {
  readonly label: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly testId?: string;
}): JSX.Element {
  const hintId = createUniqueId();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={props.on}
      aria-describedby={props.hint === undefined ? undefined : hintId}
      class="switch-row"
      data-testid={props.testId}
      onClick={() => props.onChange(!props.on)}
    >
      <span class="grid min-w-0 gap-0.5 text-left">
        <span class="text-3">{props.label}</span>
        <span id={hintId} class="text-ink-3 empty:hidden">
          {props.hint}
        </span>
      </span>
      <span class="switch" aria-hidden="true" />
    </button>
  );
}
