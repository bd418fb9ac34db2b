import type { MarketDto } from '#shared/protocol/market.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';
import { Show, type JSX } from 'solid-js';

import {
  formatBps,
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  unknownFigure,
} from '../../domain/format.ts';
import { takesLimit, takesStop } from '../../domain/ticket/state.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import { Change, Row } from './receipt-rows.tsx';
import type { Ticket } from './use-ticket.ts';

/** Digits of funding and borrow: cents would show nothing. */
const smallPlaces = 4;
const bpsScale = 10_000n;

/**
 * What the order would do: the exchange's own preview where it is known, the same mathematics over what is on screen until then. The rows
 * of an order type are always the same, so that nothing shifts while an order is typed; what only a close has comes last.
 */
export function TicketReceipt(props: { readonly ticket: Ticket; readonly market: MarketDto }): JSX.Element {
  const t = texts.ticket;
  const receipt = () => props.ticket.receipt();
  const type = () => props.ticket.state.orderType;
  const price = (value: bigint | null) =>
    value === null ? unknownFigure : formatPrice(value, props.market.price_decimals);
  const usdc = (value: bigint | null | undefined, rounding: 'ceil' | 'floor' | 'nearest' = 'nearest') =>
    value === null || value === undefined ? unknownFigure : formatQuote(value, { rounding });
  /** Until the exchange's preview of this order is there, figures are only about right. */
  const about = () => receipt().estimated;
  const bpsOf = (part: bigint | null) => {
    const { notional } = receipt();
    return part === null || notional === null ? undefined : formatBps(part, notional);
  };
  const spread = () => {
    const { spread: width, fillPrice } = receipt();
    return width === null || fillPrice === null || width === 0n ? undefined : t.spread(formatBps(width, fillPrice));
  };
  const impact = () => {
    const share = bpsOf(receipt().impact);
    return share === undefined ? undefined : t.basisPoints(share);
  };
  const share = (bps: bigint | null) => (bps === null ? unknownFigure : formatShare(bps, bpsScale, 1));
  const small = (paid: bigint) => formatQuote(paid, { places: smallPlaces, rounding: 'ceil' });
  const hourly = () => {
    const { carry } = receipt();
    return carry === null ? unknownFigure : t.pair(small(carry.funding), small(carry.borrow));
  };

  const leverage = (leverageE2: bigint | null) => (leverageE2 === null ? unknownFigure : formatLeverage(leverageE2));

  return (
    <dl class="facts ticket-facts" data-testid="receipt" aria-label={t.receipt}>
      <Row
        label={t.effect}
        value={effectText(receipt(), props.ticket.state.side, props.market)}
        testId="receipt-effect"
      />
      <Row
        label={props.ticket.summary().rests ? t.fillPriceAt : t.fillPrice}
        aside={spread()}
        value={price(receipt().fillPrice)}
        about={about()}
        testId="receipt-fill"
      />
      <Show when={!takesLimit(type())}>
        <Row
          label={takesStop(type()) ? t.worstPriceAt : t.worstPrice}
          hint={takesStop(type()) ? t.worstPriceAtHint : undefined}
          value={price(receipt().intent === null ? null : props.ticket.summary().worstPrice)}
          testId="receipt-worst"
        />
      </Show>
      <Row label={t.notional} value={usdc(receipt().notional)} about={about()} testId="receipt-notional" />
      <Row
        label={t.impact}
        aside={impact()}
        value={usdc(receipt().impact, 'ceil')}
        about={about()}
        testId="receipt-impact"
      />
      <Change
        label={t.positionLeverage}
        before={props.ticket.context().position === undefined ? undefined : leverage(receipt().leverageBefore)}
        after={leverage(receipt().leverageAfter)}
        about={about() && isOpenAfter(receipt())}
        testId="receipt-leverage"
      />
      <Change
        label={t.free}
        before={usdc(props.ticket.context().available, 'floor')}
        after={receipt().freeAfter === null ? undefined : usdc(receipt().freeAfter, 'floor')}
        about={about() && receipt().freeAfter !== null}
        testId="receipt-free"
      />
      <Change
        label={t.marginUse}
        hint={t.marginUseHint}
        before={share(receipt().marginUseBefore)}
        after={receipt().marginUseAfter === null ? undefined : share(receipt().marginUseAfter)}
        about={about() && receipt().marginUseAfter !== null}
        testId="receipt-margin-use"
      />
      <Row label={t.hourly} value={hourly()} hint={t.hourlyHint} testId="receipt-hourly" />
      <Show when={receipt().realized}>
        {(realized) => (
          <>
            <div>
              <dt>{t.realized}</dt>
              <dd data-testid="receipt-realized">
                <Signed value={realized().pnl} text={formatQuote(realized().pnl, { plus: true })} />
              </dd>
            </div>
            <Row label={t.due} value={t.pair(small(realized().funding), small(realized().borrow))} hint={t.dueHint} />
          </>
        )}
      </Show>
    </dl>
  );
}

const isOpenAfter = ({ intent, flatAfter }: ReturnType<Ticket['receipt']>): boolean => intent !== null && !flatAfter;

/** What no order should be sent without having been seen: fee, margin and liquidation price. They stand by the button, whatever is scrolled away above. */
export function KeyFigures(props: { readonly ticket: Ticket; readonly market: MarketDto }): JSX.Element {
  const t = texts.ticket;
  const receipt = () => props.ticket.receipt();
  const about = () => receipt().estimated;
  const usdc = (value: bigint | null) => (value === null ? unknownFigure : formatQuote(value, { rounding: 'ceil' }));
  const liquidationOf = (at: bigint | null) =>
    at === null ? t.noLiquidation : formatPrice(at, props.market.price_decimals);
  const distance = () => {
    const { liquidationPrice: at } = receipt();
    const from = props.ticket.summary().tradePrice;
    if (!isOpenAfter(receipt()) || at === null || from === null) return undefined;
    return t.liquidationDistance(formatShare(at > from ? at - from : from - at, from, 2));
  };
  return (
    <dl class="facts ticket-facts" aria-label={t.keyFigures} data-testid="key-figures">
      <Row label={t.fee} value={usdc(receipt().fee)} about={about()} testId="receipt-fee" />
      <Change
        label={t.margin}
        before={receipt().marginBefore > 0n ? usdc(receipt().marginBefore) : undefined}
        after={usdc(receipt().marginAfter)}
        about={about() && receipt().marginAfter !== null}
        testId="receipt-margin"
      />
      <Change
        label={t.liquidation}
        aside={distance()}
        before={props.ticket.context().position === undefined ? undefined : liquidationOf(receipt().liquidationBefore)}
        after={isOpenAfter(receipt()) ? liquidationOf(receipt().liquidationPrice) : unknownFigure}
        about={about() && isOpenAfter(receipt())}
        testId="receipt-liquidation"
      />
    </dl>
  );
}

/** What becomes of the position, in words. */
function effectText(
  { intent, misses, closes, opens }: ReturnType<Ticket['receipt']>,
  side: 'buy' | 'sell',
  market: MarketDto,
): string {
  const t = texts.ticket;
  if (misses) return t.effects.nothing;
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
