import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';

/** A stream that does not open, or says nothing, for so long is dead, whatever the connection claims. */
const silenceMsMax = 5_000;
const retryDelayMsMin = 250;
const retryDelayMsMax = 5_000;

const integer = z
  .string()
  .regex(/^-?\d{1,20}$/)
  .transform(BigInt);
const priceSchema = z.object({ price: integer, conf: integer, expo: z.int(), publish_time: z.int() });
const streamedSchema = z.object({
  parsed: z.array(
    z.object({
      id: z.string().regex(/^[0-9a-f]{64}$/),
      price: priceSchema,
      ema_price: priceSchema,
      metadata: z.object({ prev_publish_time: z.int().nullish() }),
    }),
  ),
});

/** One feed's price in a streamed update, as Hermes publishes it. */
export type StreamedPrice = z.infer<typeof streamedSchema>['parsed'][number];

export interface PriceStreamOptions {
  /** Base URL of Hermes. */
  readonly hermes: string;
  readonly feedIds: readonly string[];
  readonly onPrice: (price: StreamedPrice) => void;
  /** Told when the stream is lost, and again when it is back. */
  readonly onState: (state: 'connected' | { readonly lost: string }) => void;
}

/**
 * Follows Hermes until the signal aborts: connects, reads, and connects again with full jitter between attempts when the
 * stream ends, fails or falls silent.
 */
export async function followPrices(options: PriceStreamOptions, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    try {
      await readStream(options, signal, () => {
        attempt = 0;
      });
      if (!signal.aborted) options.onState({ lost: 'the stream ended' });
    } catch (error) {
      if (signal.aborted) return;
      options.onState({ lost: error instanceof Error ? error.message : String(error) });
    }
    const ceiling = Math.min(retryDelayMsMax, retryDelayMsMin * 2 ** attempt++);
    await sleep(Math.random() * ceiling, undefined, { signal }).catch(() => undefined);
  }
}

async function readStream(options: PriceStreamOptions, stop: AbortSignal, onOpen: () => void): Promise<void> {
  const dead = new AbortController();
  const watchdog = setTimeout(() => dead.abort(new Error('the stream fell silent')), silenceMsMax);
  try {
    const response = await fetch(streamUrl(options), { signal: AbortSignal.any([stop, dead.signal]) });
    if (!response.ok || response.body === null) throw new Error(`Hermes answered ${response.status}`);
    onOpen();
    options.onState('connected');
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of events) {
      watchdog.refresh();
      for (const price of parseUpdate(data)) options.onPrice(price);
    }
  } finally {
    clearTimeout(watchdog);
  }
}

function streamUrl({ hermes, feedIds }: PriceStreamOptions): URL {
  const url = new URL('v2/updates/price/stream', hermes.endsWith('/') ? hermes : `${hermes}/`);
  for (const id of feedIds) url.searchParams.append('ids[]', id);
  url.searchParams.set('parsed', 'true');
  return url;
}

function parseUpdate(data: string): StreamedPrice[] {
  const parsed = streamedSchema.safeParse(JSON.parse(data));
  if (!parsed.success) throw new Error('Hermes sent an update of an unknown shape');
  return parsed.data.parsed;
}
