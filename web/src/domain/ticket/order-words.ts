import type { MarketDto } from '#shared/protocol/market.ts';
import type { PlaceOrderRequest } from '#shared/protocol/orders.ts';

import { texts } from '../../i18n/index.ts';
import { formatDateTime, formatLeverage, formatPrice, formatQuote, formatSize } from '../format.ts';
import type { TicketReceipt } from './receipt.ts';
import type { TicketSummary } from './summary.ts';

export interface OrderLine {
  readonly name: string;
  readonly value: string;
}

type Digits = Pick<MarketDto, 'base' | 'price_decimals' | 'size_decimals'>;

/** The order in one sentence: what, how much, at which price. */
export function orderSentence(order: PlaceOrderRequest, market: Digits): string {
  const t = texts.ticket.confirm;
  const price = (value: bigint | undefined) => formatPrice(value ?? 0n, market.price_decimals);
  const how: Record<PlaceOrderRequest['order_type'], () => string> = {
    market: () => t.market,
    limit: () => t.limit(price(order.price)),
    stop: () => t.stop(price(order.stop_price)),
    stop_limit: () => t.stopLimit(price(order.stop_price), price(order.price)),
  };
  const size = `${formatSize(order.quantity, market.size_decimals)} ${market.base}`;
  return t.summary(order.side === 'buy' ? t.buy : t.sell, size, how[order.order_type]());
}

/** The terms of the order that the sentence leaves out; only what it has. */
export function orderLines(
  order: PlaceOrderRequest,
  market: Digits,
  { worstPrice }: Pick<TicketSummary, 'worstPrice'>,
  receipt: TicketReceipt,
): OrderLine[] {
  const t = texts.ticket;
  const price = (value: bigint) => formatPrice(value, market.price_decimals);
  const usdc = (value: bigint) => `${formatQuote(value, { rounding: 'ceil' })} USDC`;
  const line = <T>(name: string, value: T | null | undefined, show: (value: T) => string): OrderLine[] =>
    value === null || value === undefined ? [] : [{ name, value: show(value) }];
  const opensSomething = (receipt.opens ?? 0n) > 0n;
  return [
    ...line(
      order.order_type === 'stop' ? t.worstPriceAt : t.worstPrice,
      order.price === undefined ? worstPrice : null,
      price,
    ),
    ...line(t.notional, receipt.notional, usdc),
    ...line(t.leverage, opensSomething ? order.leverage : null, (leverage) => formatLeverage(BigInt(leverage))),
    ...line(t.margin, opensSomething ? receipt.marginAdded : null, usdc),
    ...line(t.fee, receipt.fee, usdc),
    ...line(t.liquidationPrice, receipt.flatAfter ? null : receipt.liquidationPrice, price),
    ...line(t.exitNames.takeProfit, order.take_profit, price),
    ...line(t.exitNames.stopLoss, order.stop_loss, price),
    ...line(t.timeInForce, order.order_type === 'market' ? null : order.time_in_force, (chosen) =>
      order.expires_at === undefined
        ? t.timeInForceHints[chosen]
        : t.expiryAt(formatDateTime(new Date(order.expires_at))),
    ),
    ...line(t.reduceOnly, order.reduce_only ? true : null, () => t.confirm.reduceOnly),
  ];
}
