import type { Feed } from '../tape/feeds.ts';

/** Pyth's exponent of crypto prices: integers of 1e-8 USD. */
export const priceExponent = -8;

/** One price of one feed, as published: integers of 10^`expo` USD, times in whole Unix seconds. */
export interface PriceTick {
  readonly feed: Feed;
  readonly price: bigint;
  readonly conf: bigint;
  readonly emaPrice: bigint;
  readonly emaConf: bigint;
  readonly expo: number;
  readonly publishTime: number;
  /** Publish time of the tick before this one: equal to `publishTime` for every tick but a second's first. */
  readonly prevPublishTime: number;
  /** Number of the tick; stands for the Pythnet slot. */
  readonly slot: number;
}
