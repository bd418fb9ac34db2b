import type { MarketDto } from '#shared/protocol/market.ts';
import { For, Match, Show, Switch, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatSize } from '../../domain/format.ts';
import { firstBlocking } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { openWalletDialog, openFunds } from '../wallet/dialogs.ts';
import type { Ticket } from './use-ticket.ts';

/** The one button. Disabled, it says why; without an account, it leads to one. */
export function TicketSubmit(props: {
  readonly ticket: Ticket;
  readonly market: MarketDto;
  readonly issuesId: string;
}): JSX.Element {
  const desk = useDesk();
  const t = texts.ticket;
  const blocking = () => firstBlocking(props.ticket.issues());
  const label = () => {
    if (props.ticket.sending()) return t.placing;
    const blocked = blocking();
    if (blocked !== undefined) return blocked.title;
    const size = `${formatSize(props.ticket.summary().size ?? 0n, props.market.size_decimals)} ${props.market.base}`;
    return t.place(props.ticket.state.side === 'buy' ? t.buyLong : t.sellShort, size);
  };
  /** Said below the button: what the title has no room for, and every warning. */
  const remarks = () => {
    const blocked = blocking();
    return props.ticket.issues().filter((issue) => issue.text !== undefined && (issue === blocked || !issue.blocks));
  };

  return (
    <div class="ticket-submit grid gap-2">
      <Switch>
        <Match when={desk.stage() === 'visitor'}>
          <button
            type="button"
            class="button button-accent w-full"
            onClick={() => openWalletDialog()}
            data-testid="ticket-connect"
          >
            {t.connect}
          </button>
        </Match>
        <Match when={desk.stage() === 'signing'}>
          <button type="button" class="button w-full" disabled>
            {t.signingIn}
          </button>
        </Match>
        <Match when={desk.stage() === 'signedIn'}>
          <button type="button" class="button button-accent w-full" onClick={() => openFunds('open')}>
            {t.openAccount}
          </button>
        </Match>
        <Match when={desk.stage() === 'ready'}>
          <button
            type="submit"
            class="button w-full"
            classList={{
              'button-up': props.ticket.state.side === 'buy',
              'button-down': props.ticket.state.side === 'sell',
            }}
            disabled={blocking() !== undefined || props.ticket.sending()}
            aria-describedby={props.issuesId}
            data-testid="submit-order"
          >
            {label()}
          </button>
        </Match>
      </Switch>
      <ul id={props.issuesId} class="grid gap-1" aria-live="polite">
        <Show when={desk.stage() === 'ready'}>
          <For each={remarks()}>
            {(issue) => <li classList={{ 'text-down': issue.blocks, 'text-warn': !issue.blocks }}>{issue.text}</li>}
          </For>
        </Show>
      </ul>
    </div>
  );
}
