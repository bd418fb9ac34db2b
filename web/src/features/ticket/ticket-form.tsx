import { formatDecimal } from '#shared/money/decimal.ts';
import { divFloor } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { For, Show, createUniqueId, untrack, type JSX } from 'solid-js';

import { formatQuote, formatSize } from '../../domain/format.ts';
import type { TicketField } from '../../domain/ticket/errors.ts';
import { sizeOfShare } from '../../domain/ticket/summary.ts';
import type { SizeUnit } from '../../domain/ticket/state.ts';
import { texts } from '../../i18n/index.ts';
import { SwapIcon } from '../../ui/icons.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Signed } from '../../ui/signed.tsx';
import { AmountField } from './amount-field.tsx';
import { LeverageField } from './leverage-field.tsx';
import { TicketReceipt } from './ticket-receipt.tsx';
import { TicketSubmit } from './ticket-submit.tsx';
import { useTicket, type Ticket } from './use-ticket.ts';

const shares = [25, 50, 75, 100] as const;
/** Digits of a USDC size: cents. */
const quotePlaces = 2;

/** Everything an order needs, in the order it is decided: side, kind, price, size, leverage; then what it costs; then the button. */
export function TicketForm(props: {
  readonly market: MarketDto;
  readonly side: TradeSide;
  readonly onSent: () => void;
}): JSX.Element {
  const ticket = useTicket(
    () => props.market,
    untrack(() => props.side),
  );
  const issuesId = createUniqueId();
  const invalid = (field: TicketField) =>
    ticket
      .issues()
      .some((issue) => issue.blocks && issue.field === field && !['size', 'limitPrice'].includes(issue.code));
  const t = texts.ticket;
  const submit = async () => {
    if (await ticket.send()) props.onSent();
  };

  return (
    <form
      class="grid grid-cols-1 gap-3 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Segmented
        label={t.side}
        class="side-switch"
        value={ticket.state.side}
        onChange={(side) => ticket.dispatch({ type: 'side', side })}
        options={[
          { value: 'buy', label: t.buyLong },
          { value: 'sell', label: t.sellShort },
        ]}
        classOf={(side) => (side === 'buy' ? 'side-buy' : 'side-sell')}
      />
      <Segmented
        label={t.orderType}
        value={ticket.state.orderType}
        onChange={(orderType) =>
          ticket.dispatch({
            type: 'orderType',
            orderType,
            limitPriceText: ticket.state.limitPriceText || lastPriceText(ticket),
          })
        }
        options={[
          { value: 'market', label: t.market },
          { value: 'limit', label: t.limit },
        ]}
      />
      <Standing ticket={ticket} market={props.market} />
      <Show when={ticket.state.orderType === 'limit'}>
        <AmountField
          label={t.limitPrice}
          value={ticket.state.limitPriceText}
          onInput={(typed) => ticket.dispatch({ type: 'limitPrice', typed })}
          unit="USD"
          testId="limit-price"
          action={
            <button
              type="button"
              class="button button-quiet button-small mr-1 text-accent"
              onClick={() => ticket.dispatch({ type: 'limitPrice', typed: lastPriceText(ticket) })}
            >
              {t.useLast}
            </button>
          }
        />
      </Show>
      <SizeField ticket={ticket} market={props.market} invalid={invalid('size')} describedBy={issuesId} />
      <LeverageField
        text={ticket.state.leverageText}
        max={props.market.parameters?.max_leverage ?? 1}
        invalid={invalid('leverage')}
        onInput={(typed) => ticket.dispatch({ type: 'leverage', typed })}
      />
      <Conditions ticket={ticket} invalid={invalid('slippage')} />
      <TicketReceipt ticket={ticket} market={props.market} />
      <TicketSubmit ticket={ticket} market={props.market} issuesId={issuesId} />
    </form>
  );
}

function lastPriceText(ticket: Ticket): string {
  const context = ticket.context();
  if (context.live === undefined) return '';
  const step = 10n ** BigInt(PRICE_DECIMALS - context.market.price_decimals);
  return formatDecimal(context.live.price - (context.live.price % step), PRICE_DECIMALS);
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
          {available() === undefined ? '–' : `${formatQuote(available() ?? 0n, { rounding: 'floor' })} USDC`}
        </dd>
        <dt class="visually-hidden">{texts.ticket.position}</dt>
        <dd title={texts.ticket.position}>
          <Show when={position()} fallback={<span class="text-ink-3">{texts.ticket.noPosition}</span>}>
            <Signed value={signedSize()} text={sizeText()} />
          </Show>
        </dd>
      </div>
    </dl>
  );
}

function SizeField(props: {
  readonly ticket: Ticket;
  readonly market: MarketDto;
  readonly invalid: boolean;
  readonly describedBy: string;
}): JSX.Element {
  const unit = () => props.ticket.state.sizeUnit;
  const unitName = () => (unit() === 'base' ? props.market.base : 'USDC');
  /** The size in the field's unit, as text for the field. */
  const sizeText = (size: bigint | null, as: SizeUnit): string => {
    const price = props.ticket.summary().tradePrice;
    if (size === null || size === 0n) return '';
    if (as === 'base') return formatDecimal(size, SIZE_DECIMALS);
    if (price === null) return '';
    const cent = 10n ** BigInt(QUOTE_DECIMALS - quotePlaces);
    const worth = divFloor(size * price, ENTRY_VALUE_PER_QUOTE);
    return formatDecimal(worth - (worth % cent), QUOTE_DECIMALS);
  };
  const switchUnit = () => {
    const sizeUnit = unit() === 'base' ? 'quote' : 'base';
    props.ticket.dispatch({ type: 'sizeUnit', sizeUnit, sizeText: sizeText(props.ticket.summary().size, sizeUnit) });
  };
  const fill = (sharePercent: number) => {
    const size = sizeOfShare(props.ticket.summary(), props.ticket.context(), sharePercent);
    props.ticket.dispatch({ type: 'share', sharePercent, sizeText: sizeText(size, unit()) });
  };
  return (
    <div class="grid grid-cols-1 gap-1.5">
      <AmountField
        label={texts.ticket.size}
        value={props.ticket.state.sizeText}
        onInput={(typed) => props.ticket.dispatch({ type: 'size', typed })}
        invalid={props.invalid}
        describedBy={props.describedBy}
        testId="size"
        unit={
          <button
            type="button"
            class="flex h-8 items-center gap-1 text-ink-2 hover:text-ink"
            aria-label={texts.ticket.sizeUnit(unitName())}
            onClick={switchUnit}
          >
            <span class="inline-block min-w-[2.4rem] text-right">{unitName()}</span>
            <SwapIcon size={13} />
          </button>
        }
      />
      <div class="grid grid-cols-4 gap-1.5">
        <For each={shares}>
          {(percent) => (
            <button
              type="button"
              class="button button-small text-ink-2"
              classList={{ 'button-chosen': props.ticket.state.sharePercent === percent }}
              aria-label={texts.ticket.shareLabel(percent)}
              disabled={(props.ticket.summary().sizeMax ?? 0n) === 0n}
              onClick={() => fill(percent)}
            >
              {texts.ticket.share(percent)}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}

/** What bounds the execution: the worst price, and whether it may open anything. */
function Conditions(props: { readonly ticket: Ticket; readonly invalid: boolean }): JSX.Element {
  const slippageId = createUniqueId();
  return (
    <div class="flex min-h-[30px] items-center justify-between gap-3">
      <label class="flex items-center gap-2 text-ink-2" title={texts.ticket.reduceOnlyHint}>
        <input
          type="checkbox"
          class="h-3.5 w-3.5 accent-(--accent)"
          checked={props.ticket.state.reduceOnly}
          onChange={(event) => props.ticket.dispatch({ type: 'reduceOnly', reduceOnly: event.currentTarget.checked })}
        />
        {texts.ticket.reduceOnly}
      </label>
      <Show when={props.ticket.state.orderType === 'market'}>
        <div class="flex items-center gap-2">
          <label for={slippageId} class="text-ink-3">
            {texts.ticket.slippage}
          </label>
          <div class="field compact-field" data-invalid={props.invalid ? '' : undefined}>
            <input
              id={slippageId}
              type="text"
              inputmode="decimal"
              autocomplete="off"
              value={props.ticket.state.slippageText}
              onInput={(event) => {
                props.ticket.dispatch({ type: 'slippage', typed: event.currentTarget.value });
                event.currentTarget.value = props.ticket.state.slippageText;
              }}
            />
            <span class="unit">%</span>
          </div>
        </div>
      </Show>
    </div>
  );
}
