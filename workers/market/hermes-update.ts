import { schemas } from '@pythnetwork/hermes-client/zodSchemas';

/** One feed's update as Pyth publishes it: integers of 10^`exponent` USD, `publishTime` in whole seconds. Nothing is judged yet. */
export interface FeedUpdate {
  readonly price: bigint;
  readonly conf: bigint;
  readonly emaPrice: bigint;
  readonly exponent: number;
  readonly publishTime: bigint;
}

const INTEGER = /^-?\d{1,20}$/;

const integerOf = (text: string): bigint | null => (INTEGER.test(text) ? BigInt(text) : null);

/**
 * Finds one feed in the body of a Hermes price update.
 *
 * @returns null when the body is no price update, or has no such feed.
 */
export function readFeedUpdate(body: unknown, feedId: string): FeedUpdate | null {
  const parsed = schemas.PriceUpdate.safeParse(body);
  const entry = parsed.success ? parsed.data.parsed?.find((candidate) => candidate.id === feedId) : undefined;
  if (entry === undefined) return null;
  const { price, ema_price: ema } = entry;
  const numbers = [price.price, price.conf, ema.price].flatMap((text) => integerOf(text) ?? []);
  const [value, conf, emaPrice] = numbers;
  if (value === undefined || conf === undefined || emaPrice === undefined || ema.expo !== price.expo) return null;
  return { price: value, conf, emaPrice, exponent: price.expo, publishTime: BigInt(price.publish_time) };
}

/** readFeedUpdate of a stream event's text; null for text that is not JSON. */
export function readFeedEvent(text: string, feedId: string): FeedUpdate | null {
  try {
    return readFeedUpdate(JSON.parse(text), feedId);
  } catch {
    return null;
  }
}
