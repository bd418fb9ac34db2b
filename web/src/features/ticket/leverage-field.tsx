import { createUniqueId, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';

/** Leverage by slider for the hand and by number for the exact. */
export function LeverageField(props: {
  readonly text: string;
  readonly max: number;
  readonly invalid: boolean;
  readonly onInput: (typed: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  const whole = () => Math.min(props.max, Math.max(1, Number.parseInt(props.text === '' ? '1' : props.text, 10)));
  const filled = () => `${((whole() - 1) / Math.max(1, props.max - 1)) * 100}%`;
  return (
    <div class="flex items-center gap-3">
      <label for={id} class="w-[54px] text-ink-3">
        {texts.ticket.leverage}
      </label>
      <input
        class="range min-w-0 flex-1"
        style={{ '--filled': filled() }}
        type="range"
        min="1"
        max={props.max}
        step="1"
        value={whole()}
        aria-label={texts.ticket.leverage}
        aria-valuetext={`${whole()}×`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <div class="field compact-field" data-invalid={props.invalid ? '' : undefined}>
        <input
          id={id}
          type="text"
          inputmode="decimal"
          autocomplete="off"
          value={props.text}
          data-testid="leverage"
          onInput={(event) => {
            props.onInput(event.currentTarget.value);
            if (event.currentTarget.value !== props.text) event.currentTarget.value = props.text;
          }}
        />
        <span class="unit">×</span>
      </div>
    </div>
  );
}
