import type { MarketDto } from '#shared/protocol/market.ts';
import { Show, type JSX } from 'solid-js';

import { formatPrice, formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import type { Ticket } from './use-ticket.ts';

/** What the order would do: the exchange's own preview where it is known, the same mathematics at the live price until then. */
export function TicketReceipt(props: { readonly ticket: Ticket; readonly market: MarketDto }): JSX.Element {
  const t = texts.ticket;
  const summary = () => props.ticket.summary();
  const preview = () => props.ticket.preview();
  const price = (value: bigint | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatPrice(value, props.market.price_decimals);
  const usdc = (value: bigint | null | undefined, rounding: 'ceil' | 'floor' | 'nearest' = 'nearest') =>
    value === null || value === undefined ? unknownFigure : formatQuote(value, { rounding });

  const fill = () => preview()?.fill_price ?? summary().tradePrice;
  const liquidation = () => (preview() === undefined ? summary().liquidationPrice : preview()?.liquidation_price);
  const distance = () => {
    const [at, from] = [liquidation(), fill()];
    if (at === null || at === undefined || from === null || summary().notional === null) return undefined;
    return formatShare(at > from ? at - from : from - at, from, 2);
  };
  const freeNow = () => props.ticket.context().available;
  const freeAfter = () => {
    const { margin, fee } = summary();
    const [free, told] = [freeNow(), preview()?.account_after.available_balance];
    if (told !== undefined || free === undefined || margin === null || fee === null || summary().reduces) return told;
    return margin + fee > free ? undefined : free - margin - fee;
  };

  return (
    <dl class="facts border-t border-line pt-3" data-testid="receipt" aria-label={t.receipt}>
      <Row label={t.fillPrice} value={price(summary().notional === null ? null : fill())} />
      <Show when={props.ticket.state.orderType === 'market'}>
        <Row label={t.worstPrice} value={price(summary().notional === null ? null : summary().worstPrice)} />
      </Show>
      <Row label={t.notional} value={usdc(preview()?.notional ?? summary().notional)} />
      <Row label={t.margin} value={usdc(summary().margin, 'ceil')} />
      <Row label={t.fee} value={usdc(preview()?.fee ?? summary().fee, 'ceil')} />
      <Show when={(preview()?.impact ?? 0n) > 0n}>
        <Row label={t.impact} value={usdc(preview()?.impact, 'ceil')} />
      </Show>
      <div>
        <dt>{t.liquidationPrice}</dt>
        <dd data-testid="receipt-liquidation">
          <Show when={distance()}>
            <span class="mr-2 text-ink-3">{t.liquidationDistance(distance() ?? '')}</span>
          </Show>
          {summary().notional === null
            ? unknownFigure
            : liquidation() === null
              ? t.noLiquidation
              : price(liquidation())}
        </dd>
      </div>
      <div>
        <dt>{t.free}</dt>
        <dd>
          {usdc(freeNow(), 'floor')}
          <Show when={freeAfter() !== undefined && freeAfter() !== freeNow()}>
            <span class="mx-1 text-ink-3" aria-label={t.arrow}>
              →
            </span>
            {usdc(freeAfter(), 'floor')}
          </Show>
        </dd>
      </div>
    </dl>
  );
}

function Row(props: { readonly label: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd classList={{ 'text-ink-3': props.value === unknownFigure }}>{props.value}</dd>
    </div>
  );
}
