import { Show, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { LockIcon, UnlockIcon } from '../../ui/icons.tsx';
import { CompactField } from './compact-field.tsx';

/** Leverage by slider for the hand and by number for the exact; the lock keeps it whatever the size and the market. */
export function LeverageField(props: {
  readonly text: string;
  readonly max: number;
  readonly locked: boolean;
  readonly invalid: boolean;
  readonly onInput: (typed: string) => void;
  readonly onLock: (locked: boolean) => void;
}): JSX.Element {
  const t = texts.ticket;
  const whole = () => Math.min(props.max, Math.max(1, Number.parseInt(props.text === '' ? '1' : props.text, 10)));
  const filled = () => `${((whole() - 1) / Math.max(1, props.max - 1)) * 100}%`;
  const lockText = () => (props.locked ? t.leverageLocked : t.leverageFree);
  return (
    <div class="flex items-center gap-2">
      <span class="text-ink-3" aria-hidden="true">
        {t.leverage}
      </span>
      <button
        type="button"
        class="button button-quiet leverage-lock"
        classList={{ 'text-accent': props.locked }}
        aria-pressed={props.locked}
        aria-label={lockText()}
        title={lockText()}
        data-testid="leverage-lock"
        onClick={() => props.onLock(!props.locked)}
      >
        <Show when={props.locked} fallback={<UnlockIcon size={13} />}>
          <LockIcon size={13} />
        </Show>
      </button>
      <input
        class="range min-w-0 flex-1"
        style={{ '--filled': filled() }}
        type="range"
        min="1"
        max={props.max}
        step="1"
        value={whole()}
        aria-label={t.leverage}
        aria-valuetext={`${whole()}×`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <CompactField
        name={t.leverage}
        value={props.text}
        onInput={props.onInput}
        unit="×"
        invalid={props.invalid}
        testId="leverage"
      />
    </div>
  );
}
