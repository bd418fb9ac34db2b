import type { MarketDto } from '#shared/protocol/market.ts';
import { Index, Match, Show, Switch, createEffect, createMemo, on, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatSize } from '../../domain/format.ts';
import { firstBlocking, type TicketIssue } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { openWalletDialog, openFunds } from '../wallet/dialogs.ts';
import { SignInAgain } from '../wallet/sign-in-again.tsx';
import { KeyFigures } from './ticket-receipt.tsx';
import type { Ticket } from './use-ticket.ts';

/** Remarks shown at once: the reason the button is off and the gravest warnings. */
const remarksMax = 3;

const remarkTone = ({ blocks, quiet }: TicketIssue): string =>
  blocks ? 'text-down' : quiet === true ? 'text-ink-2' : 'text-warn';

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
    if (props.ticket.asking()) return texts.inFlight.asking;
    if (props.ticket.sending()) return t.placing;
    const blocked = blocking();
    if (blocked !== undefined) return blocked.title;
    const size = `${formatSize(props.ticket.summary().size ?? 0n, props.market.size_decimals)} ${props.market.base}`;
    return t.place(props.ticket.state.side === 'buy' ? t.buyLong : t.sellShort, size);
  };
  /** What the button has no room for: why it is off, and what to know before it is pressed. */
  const remarks = () => {
    const blocked = blocking();
    return props.ticket
      .issues()
      .filter((issue) => issue.text !== undefined && (issue === blocked || !issue.blocks))
      .slice(0, remarksMax);
  };

  /** Read out when another remark comes or goes: not with each figure in it that the price changes. */
  const codes = createMemo(() =>
    remarks()
      .map(({ code }) => code)
      .join(),
  );
  const announced = createMemo(
    on(codes, () =>
      remarks()
        .map(({ text }) => text)
        .join(' '),
    ),
  );

  let foot!: HTMLDivElement;
  // The foot grows with its remarks, over or against the fields: the one being filled in stays in sight.
  createEffect(
    on(
      codes,
      () =>
        requestAnimationFrame(() => {
          const at = document.activeElement;
          if (at !== null && foot.parentElement?.contains(at) === true) at.scrollIntoView({ block: 'nearest' });
        }),
      { defer: true },
    ),
  );

  return (
    <div ref={foot} class="ticket-foot">
      <KeyFigures ticket={props.ticket} market={props.market} />
      <ul id={props.issuesId} class="ticket-remarks">
        <Show when={desk.stage() === 'ready'}>
          <Index each={remarks()}>{(remark) => <li class={remarkTone(remark())}>{remark().text}</li>}</Index>
        </Show>
      </ul>
      <p class="visually-hidden" role="status">
        {desk.stage() === 'ready' ? announced() : ''}
      </p>
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
        <Match when={desk.stage() === 'ended'}>
          <SignInAgain class="button button-accent w-full" />
        </Match>
        <Match when={desk.stage() === 'loading'}>
          <button type="button" class="button w-full" disabled>
            {t.loadingAccount}
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
    </div>
  );
}
