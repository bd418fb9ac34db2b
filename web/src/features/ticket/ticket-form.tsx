import type { TradeSide } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { Show, createSignal, createUniqueId, untrack, type JSX } from 'solid-js';

import { preferences } from '../../data/preferences.ts';
import { formatQuote, formatSize, unknownFigure } from '../../domain/format.ts';
import { firstBlocking, type TicketField } from '../../domain/ticket/errors.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { CloseIcon } from '../../ui/icons.tsx';
import { createPhone } from '../../ui/media.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Signed } from '../../ui/signed.tsx';
import { Staged } from '../../ui/staged.tsx';
import { Conditions } from './conditions.tsx';
import { handleEnter } from './enter-key.ts';
import { LeverageField } from './leverage-field.tsx';
import { PriceFields } from './price-fields.tsx';
import { SizeField } from './size-field.tsx';
import { TicketReceipt } from './ticket-receipt.tsx';
import { TicketSubmit } from './ticket-submit.tsx';
import { useTicket, type Ticket } from './use-ticket.ts';

const ConfirmOrder = deferred(() => import('./confirm-order.tsx').then((module) => module.ConfirmOrder));

/** Codes of a figure that is not there yet: nothing is wrong with its field. */
const missing: ReadonlySet<string> = new Set(['size', 'limitPrice', 'stopPrice']);

/** Everything an order needs, in the order it is decided: side, kind, price, size, leverage; then what it costs; then the button. */
export function TicketForm(props: {
  readonly market: MarketDto;
  readonly side: TradeSide | undefined;
  readonly onSent: () => void;
}): JSX.Element {
  const ticket = useTicket(
    () => props.market,
    untrack(() => props.side),
  );
  const issuesId = createUniqueId();
  const [confirming, setConfirming] = createSignal(false);
  const invalid = (field: TicketField) =>
    ticket.issues().some((issue) => issue.blocks && issue.field === field && !missing.has(issue.code));
  const send = async () => {
    if (await ticket.send()) props.onSent();
  };
  const submit = () => {
    if (firstBlocking(ticket.issues()) !== undefined || ticket.request() === null) return;
    if (preferences().confirmOrders) setConfirming(true);
    else void send();
  };

  return (
    <form
      class="ticket-form"
      onKeyDown={handleEnter}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="ticket-body">
        <Kind ticket={ticket} />
        <Standing ticket={ticket} market={props.market} />
        <Show when={ticket.state.analysisId !== null}>
          <Follows onOwn={() => ticket.dispatch({ type: 'ownIdea' })} />
        </Show>
        <PriceFields
          ticket={ticket}
          priceDecimals={props.market.price_decimals}
          invalid={invalid}
          describedBy={issuesId}
        />
        <SizeField ticket={ticket} market={props.market} invalid={invalid('size')} describedBy={issuesId} />
        <LeverageField
          text={ticket.state.leverageText}
          max={props.market.parameters?.max_leverage ?? 1}
          locked={ticket.state.leverageLocked}
          invalid={invalid('leverage')}
          onInput={(typed) => ticket.dispatch({ type: 'leverage', typed })}
          onLock={(locked) => ticket.dispatch({ type: 'leverageLock', locked })}
        />
        <Then>
          <Conditions
            ticket={ticket}
            priceDecimals={props.market.price_decimals}
            invalid={invalid}
            describedBy={issuesId}
          />
          <TicketReceipt ticket={ticket} market={props.market} />
        </Then>
      </div>
      <TicketSubmit ticket={ticket} market={props.market} issuesId={issuesId} />
      <Show when={confirming()}>
        <ConfirmOrder
          ticket={ticket}
          market={props.market}
          onClose={() => setConfirming(false)}
          onConfirm={() => {
            setConfirming(false);
            void send();
          }}
        />
      </Show>
    </form>
  );
}

/** What stands last in a column that keeps its height is built after what is above it; in a phone's sheet, as high as what it holds, at once. */
function Then(props: { readonly children: JSX.Element }): JSX.Element {
  const phone = createPhone();
  return (
    <Show when={phone()} fallback={<Staged>{props.children}</Staged>}>
      {props.children}
    </Show>
  );
}

/** Side and type of the order. */
function Kind(props: { readonly ticket: Ticket }): JSX.Element {
  const t = texts.ticket;
  return (
    <>
      <Segmented
        label={t.side}
        class="side-switch"
        value={props.ticket.state.side}
        onChange={(side) => props.ticket.dispatch({ type: 'side', side })}
        options={[
          { value: 'buy', label: t.buyLong },
          { value: 'sell', label: t.sellShort },
        ]}
        classOf={(side) => (side === 'buy' ? 'side-buy' : 'side-sell')}
      />
      <Segmented
        label={t.orderType}
        class="ticket-types"
        value={props.ticket.state.orderType}
        onChange={(orderType) => props.ticket.chooseType(orderType)}
        options={[
          { value: 'market', label: t.market },
          { value: 'limit', label: t.limit },
          { value: 'stop', label: t.stop },
          { value: 'stop_limit', label: t.stopLimit },
        ]}
      />
    </>
  );
}

/** The order names an analysis: said before it is sent, and taken off by a press. */
function Follows(props: { readonly onOwn: () => void }): JSX.Element {
  const t = texts.ticket;
  return (
    <p class="flex items-center justify-between gap-2 text-accent" data-testid="follows-analysis">
      {t.follows}
      <button
        type="button"
        class="button button-quiet button-small"
        aria-label={t.followsNot}
        title={t.followsNot}
        onClick={() => props.onOwn()}
      >
        <CloseIcon size={12} />
      </button>
    </p>
  );
}

/** What there is to trade with: free collateral, and the position this order would change. */
function Standing(props: { readonly ticket: Ticket; readonly market: MarketDto }): JSX.Element {
  const position = () => props.ticket.context().position;
  const available = () => props.ticket.context().available;
  const signedSize = () => {
    const held = position();
    if (held === undefined) return 0n;
    return held.side === 'long' ? held.size : -held.size;
  };
  const sizeText = () =>
    `${signedSize() > 0n ? '+' : ''}${formatSize(signedSize(), props.market.size_decimals)} ${props.market.base}`;
  return (
    <dl class="facts">
      <div>
        <dt>{texts.ticket.available}</dt>
        <dd data-testid="available" class="mr-auto">
          {available() === undefined ? unknownFigure : `${formatQuote(available() ?? 0n, { rounding: 'floor' })} USDC`}
        </dd>
        <dt class="visually-hidden">{texts.ticket.position}</dt>
        <dd class="min-w-[7em]" title={texts.ticket.position}>
          <Show when={position()} fallback={<span class="text-ink-3">{texts.ticket.noPosition}</span>}>
            <Signed value={signedSize()} text={sizeText()} />
          </Show>
        </dd>
      </div>
    </dl>
  );
}
