import { marketOf } from '#shared/markets.ts';
import type { ProposalDto } from '#shared/protocol/ai-chat.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';

import { mikeyTexts } from '../../i18n/mikey.ts';
import { texts } from '../../i18n/index.ts';
import { formatLeverage, formatPrice, formatQuote, formatSize, unknownFigure } from '../format.ts';
import type { TicketPrefill } from '../ticket/state.ts';

/** A figure as it stands, and as it would with the order. */
export interface ChangeLine {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

type Held = ProposalDto['before']['position'] | ProposalDto['preview']['position_after'];

/** A proposed order as the fields of the ticket, so that what the trader reads there and sends is what was proposed. */
export const prefillOfOrder = (order: PlaceOrderRequest): TicketPrefill => ({
  ...{ side: order.side, orderType: order.order_type, size: order.quantity, reduceOnly: order.reduce_only },
  timeInForce: order.time_in_force,
  ...(order.price === undefined ? {} : { limitPrice: order.price }),
  ...(order.stop_price === undefined ? {} : { stopPrice: order.stop_price }),
  ...(order.leverage === undefined ? {} : { leverageE2: BigInt(order.leverage) }),
  ...(order.max_slippage_bps === undefined ? {} : { slippageBps: BigInt(order.max_slippage_bps) }),
  ...(order.take_profit === undefined ? {} : { takeProfit: order.take_profit }),
  ...(order.stop_loss === undefined ? {} : { stopLoss: order.stop_loss }),
  ...(order.analysis_id === undefined ? {} : { analysisId: order.analysis_id }),
});

/** The order itself: what, how much, at which price. */
export function orderWords({ order }: Pick<ProposalDto, 'order'>): string {
  const { priceDecimals, sizeDecimals, base } = marketOf(order.symbol);
  const t = mikeyTexts.proposal;
  const at = (price: bigint | undefined) => (price === undefined ? unknownFigure : formatPrice(price, priceDecimals));
  const how = {
    market: t.atMarket,
    limit: t.atLimit(at(order.price)),
    stop: t.atStop(at(order.stop_price)),
    stop_limit: t.atStopLimit(at(order.stop_price), at(order.price)),
  }[order.order_type];
  const side = order.side === 'buy' ? texts.common.buy : texts.common.sell;
  return t.order(side, `${formatSize(order.quantity, sizeDecimals)} ${base}`, how);
}

/** How it stands without the order and with it: the position, then the account. */
export function changeLines({ order, before, preview }: ProposalDto): ChangeLine[] {
  const { priceDecimals, sizeDecimals, base } = marketOf(order.symbol);
  const t = mikeyTexts.proposal;
  const after = preview.position_after;
  const price = (value: bigint | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatPrice(value, priceDecimals);
  const held = (position: Held) =>
    position === null
      ? t.flat
      : `${position.side === 'long' ? texts.common.long : texts.common.short} ${formatSize(position.size, sizeDecimals)} ${base}`;
  const margin = (value: bigint | undefined) => (value === undefined ? unknownFigure : formatQuote(value));
  const leverage = (value: number | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatLeverage(BigInt(value));
  const free = (value: bigint) => formatQuote(value, { rounding: 'floor' });
  return [
    { name: t.position, before: held(before.position), after: held(after) },
    { name: t.entry, before: price(before.position?.entry_price), after: price(after?.entry_price) },
    {
      name: t.margin,
      before: margin(before.position?.margin),
      after: after === null ? unknownFigure : margin(preview.margin),
    },
    {
      name: t.leverage,
      before: leverage(before.position?.leverage),
      after: after === null ? unknownFigure : leverage(preview.leverage),
    },
    {
      name: t.liquidation,
      before: price(before.position?.liquidation_price),
      after: after === null ? unknownFigure : price(preview.liquidation_price),
    },
    {
      name: t.free,
      before: free(before.account.available_balance),
      after: free(preview.account_after.available_balance),
    },
  ];
}

/** What the order costs and is filled at: figures that have no before. */
export function costLines({
  order,
  preview,
}: Pick<ProposalDto, 'order' | 'preview'>): { readonly name: string; readonly value: string }[] {
  const { priceDecimals } = marketOf(order.symbol);
  const t = mikeyTexts.proposal;
  const usdc = (value: bigint, places?: number) =>
    `${formatQuote(value, { rounding: 'ceil', ...(places === undefined ? {} : { places }) })} USDC`;
  return [
    { name: t.fill, value: formatPrice(preview.fill_price, priceDecimals) },
    { name: t.notional, value: usdc(preview.notional) },
    { name: t.fee, value: usdc(preview.fee, 4) },
    ...(preview.closes > 0n
      ? [{ name: t.realized, value: `${formatQuote(preview.realized_pnl, { plus: true })} USDC` }]
      : []),
  ];
}
