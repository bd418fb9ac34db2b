import type { PreviewDto } from '#shared/protocol/orders.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { Show, type JSX } from 'solid-js';

import { formatPrice, formatQuote, formatShare, formatSize, formatBps, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import type { Ticket } from './use-ticket.ts';

/** Digits of funding and borrow: cents would show nothing. */
const smallPlaces = 4;

/**
 * What the order would do: the exchange's own preview where it is known, the same mathematics over what is on screen until then. The rows
 * are always the same, so that nothing shifts while an order is typed.
 */
export function TicketReceipt(props: { readonly ticket: Ticket; readonly market: MarketDto }): JSX.Element {
  const t = texts.ticket;
  const summary = () => props.ticket.summary();
  const receipt = () => props.ticket.receipt();
  const price = (value: bigint | null) =>
    value === null ? unknownFigure : formatPrice(value, props.market.price_decimals);
  const usdc = (value: bigint | null | undefined, rounding: 'ceil' | 'floor' | 'nearest' = 'nearest') =>
    value === null || value === undefined ? unknownFigure : formatQuote(value, { rounding });
  /** Until the exchange's preview of this order is there, figures are only about right. */
  const about = (figure: string) => (receipt().estimated && figure !== unknownFigure ? `${t.about} ${figure}` : figure);

  const distance = () => {
    const { liquidationPrice: at, fillPrice: from } = receipt();
    if (at === null || from === null) return undefined;
    return formatShare(at > from ? at - from : from - at, from, 2);
  };
  const impact = () => {
    const { impact: charged, notional } = receipt();
    return charged === null || notional === null ? undefined : { charged, notional };
  };
  const small = (paid: bigint) => formatQuote(paid, { places: smallPlaces, rounding: 'ceil' });
  const due = () => {
    const { realized } = receipt();
    return realized === null ? unknownFigure : t.pair(small(realized.funding), small(realized.borrow));
  };
  const hourly = () => {
    const { carry } = receipt();
    return carry === null ? unknownFigure : t.pair(small(carry.funding), small(carry.borrow));
  };
  const liquidation = () => {
    if (receipt().intent === null || receipt().flatAfter) return unknownFigure;
    const at = receipt().liquidationPrice;
    return at === null ? t.noLiquidation : about(price(at));
  };

  return (
    <dl class="facts border-t border-line pt-3" data-testid="receipt" aria-label={t.receipt}>
      <Row
        label={t.effect}
        value={effectText(receipt(), props.ticket.state.side, props.market)}
        testId="receipt-effect"
      />
      <Row label={t.fillPrice} value={about(price(receipt().fillPrice))} />
      <Show when={props.ticket.state.orderType === 'market'}>
        <Row label={t.worstPrice} value={price(receipt().intent === null ? null : summary().worstPrice)} />
      </Show>
      <Row label={t.notional} value={about(usdc(receipt().notional))} />
      <Row label={t.fee} value={about(usdc(receipt().fee, 'ceil'))} />
      <div>
        <dt>{t.impact}</dt>
        <dd data-testid="receipt-impact" classList={{ 'text-ink-3': impact() === undefined }}>
          <Show when={impact()} fallback={unknownFigure}>
            {(known) => (
              <>
                <span class="mr-2 text-ink-3">{t.basisPoints(formatBps(known().charged, known().notional))}</span>
                {about(usdc(known().charged, 'ceil'))}
              </>
            )}
          </Show>
        </dd>
      </div>
      <div>
        <dt>{t.margin}</dt>
        <dd data-testid="receipt-margin" classList={{ 'text-ink-3': receipt().marginAfter === null }}>
          <Show when={receipt().marginAfter !== null} fallback={unknownFigure}>
            <Show when={receipt().marginBefore > 0n}>
              {usdc(receipt().marginBefore)}
              <Arrow />
            </Show>
            {about(usdc(receipt().marginAfter))}
          </Show>
        </dd>
      </div>
      <div>
        <dt>{t.realized}</dt>
        <dd data-testid="receipt-realized" classList={{ 'text-ink-3': receipt().realized === null }}>
          <Signed value={receipt().realized?.pnl} text={formatQuote(receipt().realized?.pnl ?? 0n, { plus: true })} />
        </dd>
      </div>
      <Row label={t.due} value={due()} hint={t.dueHint} />
      <Row label={t.hourly} value={hourly()} hint={t.hourlyHint} testId="receipt-hourly" />
      <div>
        <dt>{t.liquidationPrice}</dt>
        <dd data-testid="receipt-liquidation" classList={{ 'text-ink-3': liquidation() === unknownFigure }}>
          <Show when={distance()}>
            <span class="mr-2 text-ink-3">{t.liquidationDistance(distance() ?? '')}</span>
          </Show>
          {liquidation()}
        </dd>
      </div>
      <div>
        <dt>{t.free}</dt>
        <dd>
          {usdc(props.ticket.context().available, 'floor')}
          <Show when={receipt().freeAfter !== null}>
            <Arrow />
            {about(usdc(receipt().freeAfter, 'floor'))}
          </Show>
        </dd>
      </div>
    </dl>
  );
}

/** What becomes of the position, in words. */
function effectText(
  { intent, closes, opens }: ReturnType<Ticket['receipt']>,
  side: 'buy' | 'sell',
  market: MarketDto,
): string {
  const t = texts.ticket;
  if (intent === null) return unknownFigure;
  const size = (value: bigint | null) => formatSize(value ?? 0n, market.size_decimals);
  const [own, other] = side === 'buy' ? [t.sides.long, t.sides.short] : [t.sides.short, t.sides.long];
  const effect: Record<PreviewDto['intent'], () => string> = {
    open: () => t.effects.open(size(opens), own),
    increase: () => t.effects.increase(size(opens), own),
    reduce: () => t.effects.reduce(size(closes), other),
    close: () => t.effects.close(size(closes), other),
    flip: () => t.effects.flip(`${size(closes)} ${other}`, `${size(opens)} ${own}`),
  };
  return effect[intent]();
}

const Arrow = (): JSX.Element => (
  <span class="mx-1 text-ink-3" aria-label={texts.ticket.arrow}>
    →
  </span>
);

function Row(props: {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly testId?: string;
}): JSX.Element {
  return (
    <div title={props.hint}>
      <dt>{props.label}</dt>
      <dd classList={{ 'text-ink-3': props.value === unknownFigure }} data-testid={props.testId}>
        {props.value}
      </dd>
    </div>
  );
}
