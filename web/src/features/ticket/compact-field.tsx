import type { JSX } from 'solid-js';

/** A short figure without a label of its own: a leverage, a percentage. */
export function CompactField(props: {
  readonly name: string;
  readonly value: string;
  readonly onInput: (typed: string) => void;
  readonly unit: string;
  readonly invalid?: boolean;
  readonly placeholder?: string;
  readonly testId?: string;
  readonly onFocus?: () => void;
  readonly onBlur?: () => void;
}): JSX.Element {
  return (
    <div class="field compact-field" data-invalid={props.invalid === true ? '' : undefined}>
      <input
        type="text"
        inputmode="decimal"
        autocomplete="off"
        spellcheck={false}
        placeholder={props.placeholder ?? ''}
        value={props.value}
        aria-label={props.name}
        aria-invalid={props.invalid === true}
        data-testid={props.testId}
        onFocus={() => props.onFocus?.()}
        onBlur={() => props.onBlur?.()}
        onInput={(event) => {
          props.onInput(event.currentTarget.value);
          // The reducer may have refused or cleaned the text: the field shows what was kept.
          if (event.currentTarget.value !== props.value) event.currentTarget.value = props.value;
        }}
      />
      <span class="unit">{props.unit}</span>
    </div>
  );
}
