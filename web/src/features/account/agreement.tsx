import type { JSX } from 'solid-js';

import { changePreferences, preferences } from '../../data/preferences.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** The end of a window that lists what goes at once: whether to ask the next time, the way back, and the key that does it. */
export function Agreement(props: {
  readonly back: string;
  readonly submit: string;
  readonly disabled: boolean;
  readonly testId: string;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
}): JSX.Element {
  return (
    <>
      <Choice
        label={tableTexts.common.askAgain}
        checked={preferences().confirmCloseAll}
        onChange={(confirmCloseAll) => changePreferences({ confirmCloseAll })}
      />
      <div class="mt-3 grid grid-cols-[auto_1fr] gap-2">
        <button type="button" class="button" onClick={() => props.onClose()}>
          {props.back}
        </button>
        <button
          type="button"
          class="button button-down"
          disabled={props.disabled}
          data-testid={props.testId}
          onClick={() => props.onSubmit()}
        >
          {props.submit}
        </button>
      </div>
    </>
  );
}

/** A box to tick in such a window. */
export function Choice(props: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="agreed-choice">
      <input
        type="checkbox"
        class="h-3.5 w-3.5 accent-(--accent)"
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
