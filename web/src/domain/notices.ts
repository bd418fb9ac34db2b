import { MARKETS } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { RiskAlertDto } from '#shared/protocol/risk.ts';

import { texts } from '../i18n/index.ts';
import { formatPrice, formatSize } from './format.ts';

export type NoticeTone = 'neutral' | 'up' | 'down' | 'warn';

/** What a notice is about, by which the history is filtered. */
export type NoticeTopic = 'orders' | 'risk' | 'account';

/** Something that just happened to the trader. */
export interface Notice {
  readonly tone: NoticeTone;
  readonly title: string;
  readonly text: string;
  /** Transaction whose receipt can be shown. */
  readonly liquidationOf?: string;
  /** Without it: the account. */
  readonly topic?: NoticeTopic;
  /** The order it tells of: its next stage takes this one's place on screen. */
  readonly about?: string;
  /** The stage of that order it tells of. */
  readonly stage?: OrderDto['stage'];
  /** Written into the history, not shown: a stage that the next one follows at once. */
  readonly quiet?: boolean;
}

function figures(order: OrderDto, quantity: bigint, price: bigint | null): string {
  const market = MARKETS.find((candidate) => candidate.symbol === order.symbol);
  const size = `${formatSize(quantity, market?.sizeDecimals ?? 4)} ${market?.base ?? order.symbol}`;
  return price === null ? size : texts.notices.at(size, formatPrice(price, market?.priceDecimals ?? 2));
}

/** The notice of an order that came to another stage; undefined where it came to none, or a change of margin came through. */
export function noticeOfOrder(order: OrderDto, before: OrderDto | undefined): Notice | undefined {
  if (before?.stage === order.stage) return undefined;
  if (order.intent !== 'trade') return marginNotice(order);
  return { topic: 'orders', about: order.order_id, stage: order.stage, ...stageNotice(order) };
}

/** A change of margin is seen in its position; only that it failed has to be told. */
function marginNotice(order: OrderDto): Notice | undefined {
  if (order.stage !== 'rejected' && order.stage !== 'expired') return undefined;
  const told = {
    tone: 'warn',
    title: texts.notices.marginKept(order.symbol),
    text: order.error?.message ?? '',
  } as const;
  return { topic: 'orders', about: order.order_id, ...told };
}

/** What an order is in the trader's words: an exit is not a sell order to him. `plain`: what any other order is. */
const nameOf = (order: OrderDto, plain: string): string =>
  order.exit_kind === null ? plain : texts.notices.exits[order.exit_kind];

const cancelledByTrader = 'TRADING_030';

/** What it was about, and why it ended, where not the trader ended it. */
const endOf = ({ error }: OrderDto, asked: string): string =>
  error === null || error.code === cancelledByTrader ? asked : `${asked}. ${error.message}`;

function stageNotice(order: OrderDto): Notice {
  const t = texts.notices;
  const side = nameOf(order, order.side === 'buy' ? texts.common.buy : texts.common.sell);
  const placed = nameOf(order, `${side} ${t.kinds[order.order_type]}`);
  const asked = figures(order, order.quantity, order.price ?? order.stop_price);
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
      return { tone: 'neutral', title: t.cancelled(side, order.symbol), text: endOf(order, asked) };
    case 'expired':
      return { tone: 'neutral', title: t.expired(side, order.symbol), text: endOf(order, asked) };
    case 'resting':
      return { tone: 'neutral', title: t.placed(placed, order.symbol), text: asked };
    case 'accepted':
    case 'triggered':
    case 'submitted':
      return { tone: 'neutral', title: texts.lifecycle[order.stage](side, order.symbol), text: asked, quiet: true };
  }
}

/** The notice of a risk alert. */
export const noticeOfAlert = (alert: RiskAlertDto): Notice => ({ topic: 'risk', ...alertNotice(alert) });

function alertNotice(alert: RiskAlertDto): Notice {
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
    case 'closed_at_cap':
    case 'closed_by_request':
      return { tone: 'neutral', title: texts.notices.positionClosed(alert.symbol), text: alert.message };
    case 'exit_failed':
      return { tone: 'warn', title: texts.notices.exitFailed(alert.symbol), text: alert.message };
  }
}
