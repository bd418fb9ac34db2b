import type { OrderDto } from '#shared/protocol/orders.ts';

import { recordsMax, type NoticeRecord } from './notice-history.ts';
import { noticeOfOrder, type Notice } from './notices.ts';

/** An order whose end the history does not tell. */
export interface OpenStory {
  readonly orderId: string;
  /** The last that was told. */
  readonly stage: OrderDto['stage'];
}

const ends: readonly OrderDto['stage'][] = ['filled', 'cancelled', 'rejected', 'expired'];

/** The orders whose story the history leaves open, the newest first. */
export function openStories(records: readonly NoticeRecord[]): readonly OpenStory[] {
  const told = new Set<string>();
  return records.slice(0, recordsMax).flatMap(({ about, stage }) => {
    if (about === undefined || stage === undefined || told.has(about)) return [];
    told.add(about);
    return ends.includes(stage) ? [] : [{ orderId: about, stage }];
  });
}

/** What the history misses of an order, to be written without being shown: it is not of now. Undefined where it misses nothing. */
export function missedNotice(story: OpenStory, order: OrderDto): Notice | undefined {
  if (order.order_id !== story.orderId || order.stage === story.stage) return undefined;
  const notice = noticeOfOrder(order, undefined);
  return notice === undefined ? undefined : { ...notice, quiet: true };
}
