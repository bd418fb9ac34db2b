import { For, Show, createUniqueId, type Accessor, type JSX } from 'solid-js';

import { formatDateTime } from '../../domain/format.ts';
import { localExpiryText } from '../../domain/ticket/expiry.ts';
import { boundsSlippage } from '../../domain/ticket/issues-fields.ts';
import {
  effectiveTimeInForce,
  timeInForceChoices,
  type ExpiryChoice,
  type TimeInForce,
} from '../../domain/ticket/state.ts';
import type { TicketField } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { CompactField } from './compact-field.tsx';
import type { Ticket } from './use-ticket.ts';

/** Slippages for one press, percent. */
const slippagePresets = ['0.1', '0.5', '1'] as const;
const expiries: readonly ExpiryChoice[] = ['1h', '1d', '1w', 'until'];
const dayMs = 86_400_000;

/** How the order executes: how long it waits, and how far the price may move. */
export function ExecutionTerms(props: {
  readonly id: string;
  readonly ticket: Ticket;
  readonly invalid: (field: TicketField) => boolean;
}): JSX.Element {
  const choices = () => timeInForceChoices(props.ticket.state.orderType);
  return (
    <div id={props.id} class="ticket-drawer">
      <Show when={choices().length > 1}>
        <TimeInForceChoice ticket={props.ticket} choices={choices} />
        <Show when={effectiveTimeInForce(props.ticket.state) === 'gtt'}>
          <Expiry ticket={props.ticket} invalid={props.invalid('expiry')} />
        </Show>
      </Show>
      <Show when={boundsSlippage(props.ticket.state, props.ticket.summary())}>
        <Slippage ticket={props.ticket} invalid={props.invalid('slippage')} />
      </Show>
    </div>
  );
}

function TimeInForceChoice(props: {
  readonly ticket: Ticket;
  readonly choices: Accessor<readonly TimeInForce[]>;
}): JSX.Element {
  const t = texts.ticket;
  const chosen = () => effectiveTimeInForce(props.ticket.state);
  return (
    <div class="grid grid-cols-1 gap-1">
      <Segmented
        label={t.timeInForce}
        class="segmented-small"
        value={chosen()}
        onChange={(timeInForce) => props.ticket.dispatch({ type: 'timeInForce', timeInForce })}
        options={props.choices().map((value) => ({ value, label: t.timesInForce[value] }))}
      />
      <p class="text-1 text-ink-3">{t.timeInForceHints[chosen()]}</p>
    </div>
  );
}

function Expiry(props: { readonly ticket: Ticket; readonly invalid: boolean }): JSX.Element {
  const t = texts.ticket;
  const at = () => props.ticket.summary().expiresAtMs;
  const shown = () => {
    const moment = at();
    return moment === null ? '' : t.expiryAt(formatDateTime(new Date(moment)));
  };
  const now = () => props.ticket.context().nowMs ?? 0;
  return (
    <div class="grid grid-cols-1 gap-1">
      <Segmented
        label={t.expiry}
        class="segmented-small"
        value={props.ticket.state.expiry}
        onChange={(expiry) =>
          props.ticket.dispatch({ type: 'expiry', expiry, expiryText: localExpiryText(now() + dayMs) })
        }
        options={expiries.map((value) => ({ value, label: t.expiryIn[value] }))}
      />
      <Show when={props.ticket.state.expiry === 'until'} fallback={<p class="text-1 text-ink-3">{shown()}</p>}>
        <div class="field" data-invalid={props.invalid ? '' : undefined}>
          <input
            type="datetime-local"
            value={props.ticket.state.expiryText}
            min={localExpiryText(now())}
            aria-label={t.expiryField}
            aria-invalid={props.invalid}
            data-testid="expiry"
            onInput={(event) => props.ticket.dispatch({ type: 'expiryText', typed: event.currentTarget.value })}
          />
        </div>
      </Show>
    </div>
  );
}

function Slippage(props: { readonly ticket: Ticket; readonly invalid: boolean }): JSX.Element {
  const t = texts.ticket;
  const labelId = createUniqueId();
  const choose = (typed: string) => props.ticket.dispatch({ type: 'slippage', typed });
  return (
    <div class="flex items-center gap-1.5" role="group" aria-labelledby={labelId}>
      <span id={labelId} class="mr-auto text-ink-3" title={t.slippageMax}>
        {t.slippage}
      </span>
      <For each={slippagePresets}>
        {(percent) => (
          <button
            type="button"
            class="button button-small text-ink-2"
            classList={{ 'button-chosen': props.ticket.state.slippageText === percent }}
            aria-pressed={props.ticket.state.slippageText === percent}
            onClick={() => choose(percent)}
          >
            {t.slippagePreset(percent)}
          </button>
        )}
      </For>
      <CompactField
        name={t.slippageMax}
        value={props.ticket.state.slippageText}
        onInput={choose}
        unit="%"
        invalid={props.invalid}
        testId="slippage"
      />
    </div>
  );
}
