import { PRICE_DECIMALS } from '#shared/money/units.ts';
import { Show, type JSX } from 'solid-js';

import { takesLimit, takesStop } from '../../domain/ticket/state.ts';
import type { TicketField } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { AmountField } from './amount-field.tsx';
import type { Ticket } from './use-ticket.ts';

/** The prices of an order that waits for one: the trigger of a stop, the limit. */
export function PriceFields(props: {
  readonly ticket: Ticket;
  readonly priceDecimals: number;
  readonly invalid: (field: TicketField) => boolean;
  readonly describedBy: string;
}): JSX.Element {
  const t = texts.ticket;
  const step = () => ({ decimals: PRICE_DECIMALS, places: props.priceDecimals });
  const type = () => props.ticket.state.orderType;
  return (
    <>
      <Show when={takesStop(type())}>
        <AmountField
          label={t.stopPrice}
          value={props.ticket.state.stopPriceText}
          onInput={(typed) => props.ticket.dispatch({ type: 'stopPrice', typed })}
          invalid={props.invalid('stopPrice')}
          describedBy={props.describedBy}
          unit="USD"
          step={step()}
          testId="stop-price"
          sends
        />
      </Show>
      <Show when={takesLimit(type())}>
        <AmountField
          label={type() === 'stop_limit' ? t.limitPriceOfStop : t.limitPrice}
          value={props.ticket.state.limitPriceText}
          onInput={(typed) => props.ticket.dispatch({ type: 'limitPrice', typed })}
          invalid={props.invalid('limitPrice')}
          describedBy={props.describedBy}
          unit="USD"
          step={step()}
          testId="limit-price"
          sends
          action={
            <button
              type="button"
              class="button button-quiet button-small mr-1 text-accent"
              onClick={() => props.ticket.dispatch({ type: 'limitPrice', typed: props.ticket.lastPriceText() })}
            >
              {t.useLast}
            </button>
          }
        />
      </Show>
    </>
  );
}
