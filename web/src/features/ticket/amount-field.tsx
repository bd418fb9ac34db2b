import { Show, createUniqueId, type JSX } from 'solid-js';

import { stepInput, stepsPerKey, type Stepped } from '../../domain/step-input.ts';

/** A labelled figure with its unit. Keeps what was typed; the reducer decides what stays. Up and down step it. */
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
  /** The name for who cannot see what stands around it; the label without it. */
  readonly name?: string;
  /** What one press of an arrow key changes. */
  readonly step?: Stepped;
  /** Enter in it sends the order: it is one of the figures an order is made of. */
  readonly sends?: boolean;
  readonly inputRef?: (input: HTMLInputElement) => void;
}): JSX.Element {
  const id = createUniqueId();
  const update = (event: InputEvent & { currentTarget: HTMLInputElement }) => {
    props.onInput(event.currentTarget.value);
    // The reducer may have refused or cleaned the text: the field shows what was kept.
    if (event.currentTarget.value !== props.value) event.currentTarget.value = props.value;
  };
  const stepBy = (event: KeyboardEvent) => {
    if (props.step === undefined || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const steps = event.shiftKey ? stepsPerKey.shift : stepsPerKey.alone;
    const next = stepInput(props.value, event.key === 'ArrowUp' ? steps : -steps, props.step);
    if (next === undefined) return;
    event.preventDefault();
    props.onInput(next);
  };
  return (
    <div class="field" data-invalid={props.invalid === true ? '' : undefined}>
      <label for={id}>{props.label}</label>
      <input
        ref={(input) => props.inputRef?.(input)}
        id={id}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        spellcheck={false}
        placeholder={props.placeholder ?? '0'}
        value={props.value}
        onInput={update}
        onKeyDown={stepBy}
        aria-label={props.name}
        aria-invalid={props.invalid === true}
        aria-describedby={props.describedBy}
        data-enter-sends={props.sends === true ? '' : undefined}
        data-testid={props.testId}
      />
      <span class="unit">{props.unit}</span>
      <Show when={props.action}>{props.action}</Show>
    </div>
  );
}
