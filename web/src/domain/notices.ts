import { MARKETS } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { RiskAlertDto } from '#shared/protocol/risk.ts';

import { texts } from '../i18n/index.ts';
import { formatPrice, formatSize } from './format.ts';

export type NoticeTone = 'neutral' | 'up' | 'down' | 'warn';

/** Something that just happened to the trader. */
export interface Notice {
  readonly tone: NoticeTone;
  readonly title: string;
  readonly text: string;
  /** Transaction whose receipt can be shown. */
  readonly liquidationOf?: string;
}

function figures(order: OrderDto, quantity: bigint, price: bigint | null): string {
  const market = MARKETS.find((candidate) => candidate.symbol === order.symbol);
  const size = `${formatSize(quantity, market?.sizeDecimals ?? 4)} ${market?.base ?? order.symbol}`;
  return price === null ? size : texts.notices.at(size, formatPrice(price, market?.priceDecimals ?? 2));
}

/** The notice of an order that came to another stage; undefined where nothing needs to be said. */
export function noticeOfOrder(order: OrderDto, before: OrderDto | undefined): Notice | undefined {
  if (order.intent !== 'trade' || before?.stage === order.stage) return undefined;
  const t = texts.notices;
  const side = order.side === 'buy' ? texts.common.buy : texts.common.sell;
  switch (order.stage) {
    case 'filled':
      return {
        tone: order.side === 'buy' ? 'up' : 'down',
        title: t.filled(side, order.symbol),
        text: figures(order, order.filled_quantity, order.average_fill_price),
      };
    case 'rejected':
      return { tone: 'warn', title: t.rejected(side, order.symbol), text: order.error?.message ?? '' };
    case 'cancelled':
      return {
        tone: 'neutral',
        title: t.cancelled(side, order.symbol),
        text: figures(order, order.quantity, order.price),
      };
    case 'expired':
      return {
        tone: 'neutral',
        title: t.expired(side, order.symbol),
        text: figures(order, order.quantity, order.price),
      };
    case 'resting':
      return {
        tone: 'neutral',
        title: t.resting(side, order.symbol),
        text: figures(order, order.quantity, order.price),
      };
    case 'accepted':
    case 'triggered':
    case 'submitted':
      return undefined;
  }
}

/** The notice of a risk alert. */
export function noticeOfAlert(alert: RiskAlertDto): Notice {
  switch (alert.kind) {
    case 'margin_warning':
      return { tone: 'warn', title: texts.notices.marginWarning(alert.symbol), text: alert.message };
    case 'liquidated':
      return {
        tone: 'down',
        title: texts.notices.liquidated(alert.symbol),
        text: alert.message,
        ...(alert.transaction_hash === null ? {} : { liquidationOf: alert.transaction_hash }),
      };
  }
}
