import type { QuantDeskClient } from '#sdk/index.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import { createEffect, on, untrack, type Accessor } from 'solid-js';

import { missedNotice, openStories } from '../domain/missed-stages.ts';
import type { Notices } from './notices.ts';

/** Orders asked for after a sign-in, the newest first: what is older stands in the order history. */
const ordersAskedMax = 10;

interface MissedStagesOptions {
  readonly client: QuantDeskClient;
  readonly notices: Notices;
  /** The signed-in wallet. */
  readonly owner: Accessor<string | undefined>;
  /** The orders of its stream; undefined until they are heard. */
  readonly orders: Accessor<readonly OrderDto[] | undefined>;
}

/**
 * After each sign-in and reload, once the orders are heard: ends the stories that the history of notices left open, quietly. An order that
 * cannot be read now is looked for at the next one.
 */
export function followMissedStages({ client, notices, owner, orders }: MissedStagesOptions): void {
  const follow = async (asker: string, heard: readonly OrderDto[]) => {
    let asked = 0;
    for (const story of openStories(notices.records())) {
      const known = heard.find(({ order_id }) => order_id === story.orderId);
      if (known === undefined && asked >= ordersAskedMax) continue;
      if (known === undefined) asked += 1;
      const order = known ?? (await client.orders.get(story.orderId).catch(() => undefined));
      if (owner() !== asker) return;
      const isOpenStill = openStories(notices.records()).some(
        ({ orderId, stage }) => orderId === story.orderId && stage === story.stage,
      );
      const missed = order === undefined || !isOpenStill ? undefined : missedNotice(story, order);
      if (missed !== undefined) notices.show(missed);
    }
  };
  createEffect(
    on([owner, () => orders() !== undefined], ([asker, isHeard]) => {
      const heard = untrack(orders);
      if (asker !== undefined && isHeard && heard !== undefined) untrack(() => void follow(asker, [...heard]));
    }),
  );
}
