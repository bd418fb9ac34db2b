import type { OraclePrice } from '#shared/perps/types.ts';
import { type Check, compared, told } from './check.ts';
import type { HermesHistory, PublishedPrice } from './hermes.ts';
import * as show from './show.ts';

type EventPrice = OraclePrice & { readonly prevPublishTime: bigint };

/** The event's price against the one Pyth published for its second. */
export async function priceChecks(hermes: HermesHistory, feedId: string, stated: EventPrice): Promise<Check[]> {
  const published = await hermes.priceAt(feedId, stated.publishTime);
  const feed = told('feed', feedId);
  if (published === null) {
    const name = 'price of Hermes';
    return [feed, { name, stated: `${show.usd(stated.price)} at ${stated.publishTime}`, expected: 'none published' }];
  }
  return [
    feed,
    compared('publish time', stated.publishTime, published.publishTime, show.second),
    compared('publish time before', stated.prevPublishTime, published.prevPublishTime, show.second),
    compared('price', stated.price, published.price, show.usd),
    compared('confidence', stated.conf, published.conf, show.usd),
    compared('average (EMA)', stated.ema, published.ema, show.usd),
  ];
}

/** Whether a price is the first of those that an order waited for: the one price of its moment, by Pyth's rule. */
export const isFirstOf = (stated: EventPrice, minPublishTime: bigint): boolean =>
  stated.prevPublishTime < minPublishTime && minPublishTime <= stated.publishTime;

/** Says which price would have been the first, where it was another one. */
export async function firstEligible(
  hermes: HermesHistory,
  feedId: string,
  minPublishTime: bigint,
): Promise<PublishedPrice | null> {
  return hermes.priceAt(feedId, minPublishTime);
}
