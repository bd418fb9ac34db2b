import { Show, createSignal, createUniqueId, type JSX } from 'solid-js';

import type { TicketField } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { deferred } from '../../ui/deferred.tsx';
import { executionSummary } from './execution-summary.ts';
import type { Ticket } from './use-ticket.ts';

const ExecutionTerms = deferred(() => import('./execution-terms.tsx').then((module) => module.ExecutionTerms));
const ExitFields = deferred(() => import('./exit-fields.tsx').then((module) => module.ExitFields));

/** What bounds the order beyond price and size, each out of sight until it is asked for or is wrong. */
export function Conditions(props: {
  readonly ticket: Ticket;
  readonly priceDecimals: number;
  readonly invalid: (field: TicketField) => boolean;
  readonly describedBy: string;
}): JSX.Element {
  const t = texts.ticket;
  const [asked, setAsked] = createSignal(false);
  const termsId = createUniqueId();
  const terms = () => executionSummary(props.ticket);
  const isOpen = () => asked() || props.invalid('slippage') || props.invalid('expiry');
  return (
    <div class="grid grid-cols-1 gap-2">
      <div class="ticket-conditions">
        <Check
          label={t.reduceOnly}
          hint={t.reduceOnlyHint}
          testId="reduce-only"
          checked={props.ticket.state.reduceOnly}
          onChange={(reduceOnly) => props.ticket.dispatch({ type: 'reduceOnly', reduceOnly })}
        />
        <Check
          label={t.exits}
          hint={t.exitsHint}
          testId="exits-toggle"
          checked={props.ticket.state.exitsOn}
          onChange={(on) => props.ticket.dispatch({ type: 'exits', on })}
        />
        <button
          type="button"
          class="button button-quiet button-small -mr-2 ml-auto gap-1.5"
          aria-expanded={isOpen()}
          aria-controls={termsId}
          data-testid="execution-toggle"
          onClick={() => setAsked(!isOpen())}
        >
          <span class="visually-hidden">{t.execution}</span>
          <Show when={terms().timeInForce}>{(chosen) => <span>{chosen()}</span>}</Show>
          <Show when={terms().slippage}>
            {(bound) => (
              <span>
                <Show when={terms().timeInForce === undefined}>
                  <span class="ticket-word">{t.slippage} </span>
                </Show>
                {bound()}
              </span>
            )}
          </Show>
          <span class="ticket-chevron" data-open={isOpen() ? '' : undefined}>
            <ChevronIcon size={12} />
          </span>
        </button>
      </div>
      <Show when={isOpen()}>
        <ExecutionTerms id={termsId} ticket={props.ticket} invalid={props.invalid} />
      </Show>
      <Show when={props.ticket.state.exitsOn}>
        <ExitFields
          ticket={props.ticket}
          priceDecimals={props.priceDecimals}
          invalid={props.invalid}
          describedBy={props.describedBy}
        />
      </Show>
    </div>
  );
}

function Check(props: {
  readonly label: string;
  readonly hint: string;
  readonly testId: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="ticket-check" title={props.hint}>
      <input
        type="checkbox"
        class="h-3.5 w-3.5 accent-(--accent)"
        checked={props.checked}
        data-testid={props.testId}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
