import type { MarketDto } from '#shared/protocol/market.ts';
import { Show, type JSX } from 'solid-js';

import { formatPrice, formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import type { Ticket } from './use-ticket.ts';

/** What the order would do: the exchange's own preview where it is known, the same mathematics at the live price until then. */
export function TicketReceipt(props: { readonly ticket: Ticket; readonly market: MarketDto }): JSX.Element {
  const t = texts.ticket;
  const summary = () => props.ticket.summary();
  const receipt = () => props.ticket.receipt();
  const price = (value: bigint | null) =>
    value === null ? unknownFigure : formatPrice(value, props.market.price_decimals);
  const usdc = (value: bigint | null | undefined, rounding: 'ceil' | 'floor' | 'nearest' = 'nearest') =>
    value === null || value === undefined ? unknownFigure : formatQuote(value, { rounding });
  /** Until the exchange's preview of this order is there, what depends on spread and impact is only about right. */
  const about = (figure: string) => (receipt().estimated && figure !== unknownFigure ? `${t.about} ${figure}` : figure);

  const distance = () => {
    const { liquidationPrice: at, fillPrice: from } = receipt();
    if (at === null || from === null || summary().notional === null) return undefined;
    return formatShare(at > from ? at - from : from - at, from, 2);
  };
  const freeNow = () => props.ticket.context().available;
  const freeAfter = () => receipt().freeAfter;

  return (
    <dl class="facts border-t border-line pt-3" data-testid="receipt" aria-label={t.receipt}>
      <Row label={t.fillPrice} value={about(price(summary().notional === null ? null : receipt().fillPrice))} />
      <Show when={props.ticket.state.orderType === 'market'}>
        <Row label={t.worstPrice} value={price(summary().notional === null ? null : summary().worstPrice)} />
      </Show>
      <Row label={t.notional} value={about(usdc(receipt().notional))} />
      <Row label={t.margin} value={about(usdc(receipt().margin))} />
      <Row label={t.fee} value={about(usdc(receipt().fee, 'ceil'))} />
      <Show when={receipt().impact > 0n}>
        <Row label={t.impact} value={usdc(receipt().impact, 'ceil')} />
      </Show>
      <div>
        <dt>{t.liquidationPrice}</dt>
        <dd data-testid="receipt-liquidation">
          <Show when={distance()}>
            <span class="mr-2 text-ink-3">{t.liquidationDistance(distance() ?? '')}</span>
          </Show>
          {summary().notional === null
            ? unknownFigure
            : receipt().liquidationPrice === null
              ? t.noLiquidation
              : about(price(receipt().liquidationPrice))}
        </dd>
      </div>
      <div>
        <dt>{t.free}</dt>
        <dd>
          {usdc(freeNow(), 'floor')}
          <Show when={freeAfter() !== null && freeAfter() !== freeNow()}>
            <span class="mx-1 text-ink-3" aria-label={t.arrow}>
              →
            </span>
            {about(usdc(freeAfter(), 'floor'))}
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
