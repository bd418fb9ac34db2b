import { Show, createUniqueId, type JSX } from 'solid-js';

/** A labelled figure with its unit. Keeps what was typed; the reducer decides what stays. */
export function AmountField(props: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (typed: string) => void;
  readonly unit: JSX.Element;
  readonly invalid?: boolean;
  readonly placeholder?: string;
  readonly describedBy?: string | undefined;
  readonly testId?: string;
  readonly action?: JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  const update = (event: InputEvent & { currentTarget: HTMLInputElement }) => {
    props.onInput(event.currentTarget.value);
    // The reducer may have refused or cleaned the text: the field shows what was kept.
    if (event.currentTarget.value !== props.value) event.currentTarget.value = props.value;
  };
  return (
    <div class="field" data-invalid={props.invalid === true ? '' : undefined}>
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        spellcheck={false}
        placeholder={props.placeholder ?? '0'}
        value={props.value}
        onInput={update}
        aria-invalid={props.invalid === true}
        aria-describedby={props.describedBy}
        data-testid={props.testId}
      />
      <span class="unit">{props.unit}</span>
      <Show when={props.action}>{props.action}</Show>
    </div>
  );
}
