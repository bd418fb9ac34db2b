import * as z from 'zod';
import { normalisePrice } from '#shared/perps/oracle.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import { retry, type RetryPolicy } from '../../workers/platform/retry.ts';
import { VerificationFailure } from './failure.ts';

const policy: RetryPolicy = { attemptsMax: 3, attemptTimeoutMs: 30_000, retryDelayMsMin: 100, retryDelayMsMax: 2_000 };

const integerText = z.string().regex(/^-?\d{1,20}$/);
const priceSchema = z.object({ price: integerText, conf: integerText, expo: z.int(), publish_time: z.int() });
const answerSchema = z.object({
  parsed: z.array(
    z.object({
      id: z.string(),
      price: priceSchema,
      ema_price: priceSchema,
      metadata: z.object({ prev_publish_time: z.int() }),
    }),
  ),
});

/** A price as Pyth published it, in the exchange's units. */
export type PublishedPrice = OraclePrice & { readonly prevPublishTime: bigint };

/** Pyth's history of prices: the one price of each second, `prev_publish_time < t ≤ publish_time`. */
export class HermesHistory {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The price of a moment; null where Hermes has none. @throws VerificationFailure where it cannot be asked. */
  async priceAt(feedId: string, second: bigint): Promise<PublishedPrice | null> {
    const url = new URL(`/v2/updates/price/${second}`, this.#url);
    url.searchParams.set('ids[]', feedId);
    url.searchParams.set('parsed', 'true');
    try {
      return await retry((signal) => this.#ask(url, feedId, signal), policy);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new VerificationFailure(`Hermes could not be asked for the price of ${second}: ${reason}`, {
        cause: error,
      });
    }
  }

  async #ask(url: URL, feedId: string, signal: AbortSignal): Promise<PublishedPrice | null> {
    const response = await fetch(url, { signal });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { parsed } = answerSchema.parse(await response.json());
    const update = parsed.find(({ id }) => id === feedId);
    if (update === undefined) return null;
    const { price, ema_price: ema, metadata } = update;
    return {
      ...normalisePrice({
        price: BigInt(price.price),
        conf: BigInt(price.conf),
        exponent: price.expo,
        emaPrice: BigInt(ema.price),
        publishTime: BigInt(price.publish_time),
      }),
      prevPublishTime: BigInt(metadata.prev_publish_time),
    };
  }
}
