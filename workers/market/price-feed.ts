import { HermesClient } from '@pythnetwork/hermes-client';
import { createParser } from 'eventsource-parser';
import { Breaker, type BreakerState } from '../platform/breaker.ts';
import { breakerFailuresMax, callPolicies } from '../platform/call-policies.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { backoffMs, retry, withTimeout } from '../platform/retry.ts';
import { type FeedUpdate, readFeedEvent, readFeedUpdate } from './hermes-update.ts';

/** Bounds of the stream. */
export const feedLimits = {
  connectTimeoutMs: callPolicies.hermes.attemptTimeoutMs,
  /** Hermes sends about every 400 ms: this much silence is shown… */
  quietMsMax: 3_000,
  /** …and this much ends the connection. */
  silenceMsMax: 10_000,
  retryDelayMsMin: 250,
  retryDelayMsMax: 15_000,
  /** A connection that lived this long starts the delays anew. */
  stableMsMin: 5_000,
  /** Characters of one event; a server that never ends an event must not fill the memory. */
  eventCharactersMax: 256 * 1_024,
} as const;

export type FeedState = 'connecting' | 'live' | 'silent' | 'down';

export interface PriceFeedOptions {
  /** Base address of Hermes. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly feedId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onUpdate: (update: FeedUpdate) => void;
  readonly random?: () => number;
}

/**
 * The Hermes stream of one feed, supervised: whatever happens to a connection (refused, any status but 200, cut, ended, silent), another
 * one follows with full jitter. Hermes' own client is used for the latest price; its EventSource is not, because that gives up for good
 * after a status other than 200 and has no time limit for silence.
 */
export class PriceFeed {
  readonly #options: PriceFeedOptions;
  readonly #client: HermesClient;
  /** Counts the stream's connections and the single requests alike: it is one server. */
  readonly #breaker = new Breaker({
    name: 'hermes',
    failuresMax: breakerFailuresMax,
    probeMsMax: feedLimits.connectTimeoutMs + 1_000,
    isFailure: () => !this.#stop.signal.aborted,
  });
  #latest: Promise<void> | null = null;
  #running: Promise<void> | null = null;
  #stop = new AbortController();
  #connected = false;
  #wasConnected = false;
  #heardAtMs = 0;
  #badEvents = 0;

  constructor(options: PriceFeedOptions) {
    this.#options = options;
    this.#client = new HermesClient(options.url, {
      timeout: callPolicies.hermes.attemptTimeoutMs,
      httpRetries: 0,
      ...(options.apiKey === undefined ? {} : { accessToken: options.apiKey }),
    });
  }

  get state(): FeedState {
    if (!this.#connected) return this.#wasConnected ? 'down' : 'connecting';
    return this.#options.clock.nowMs() - this.#heardAtMs > feedLimits.quietMsMax ? 'silent' : 'live';
  }

  /** State of Hermes' breaker, for `/ready`. */
  get breaker(): BreakerState {
    return this.#breaker.state;
  }

  /** Starts the stream unless it runs. Call it often: from every alarm, RPC and subscription. */
  ensure(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Ends the stream; `ensure` starts another one. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#stop = new AbortController();
  }

  async #run(): Promise<void> {
    const { clock, logger, random } = this.#options;
    const { signal } = this.#stop;
    let attempt = 0;
    while (!signal.aborted) {
      const startedAtMs = clock.nowMs();
      try {
        await this.#connection(signal);
        logger.info('price stream ended and is opened again');
      } catch (error) {
        if (!signal.aborted)
          logger.warn('price stream failed and is opened again', { error: errorMessage(error), attempt });
      }
      this.#connected = false;
      attempt = clock.nowMs() - startedAtMs > feedLimits.stableMsMin ? 1 : attempt + 1;
      await sleep(backoffMs(attempt, feedLimits, random), signal);
    }
  }

  /** One connection, until it ends. @throws for every end but an orderly one. */
  async #connection(signal: AbortSignal): Promise<void> {
    // The one probe of an open breaker is the stream's.
    if (this.#breaker.state === 'closed') this.#latest ??= this.#readLatest().finally(() => (this.#latest = null));
    const cut = new AbortController();
    const abort = (): void => cut.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const body = await this.#breaker.run(() => this.#open(cut.signal, signal));
      this.#connected = true;
      this.#wasConnected = true;
      this.#heardAtMs = this.#options.clock.nowMs();
      await this.#read(body.getReader(), signal);
    } finally {
      cut.abort();
      signal.removeEventListener('abort', abort);
    }
  }

  /** The stream's body, once Hermes said 200. */
  async #open(cut: AbortSignal, stop: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await withTimeout(
      () => fetch(this.#streamUrl(), { headers: this.#headers(), signal: cut }),
      feedLimits.connectTimeoutMs,
      stop,
    );
    if (response.status === 200 && response.body !== null) return response.body;
    await response.body?.cancel();
    throw new Error(`Hermes answered with status ${response.status}`);
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): Promise<void> {
    const decoder = new TextDecoder();
    const parser = createParser({
      maxBufferSize: feedLimits.eventCharactersMax,
      onEvent: (event) => this.#onEvent(event.data),
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') throw error;
      },
    });
    while (!signal.aborted) {
      // Comments keep a connection open without a price: only events count as a sign of life.
      const silentMs = this.#options.clock.nowMs() - this.#heardAtMs;
      const patienceMs = Math.max(1, feedLimits.silenceMsMax - silentMs);
      const chunk = await withTimeout(() => reader.read(), patienceMs, signal);
      if (chunk.done) return;
      parser.feed(decoder.decode(chunk.value, { stream: true }));
    }
  }

  #onEvent(text: string): void {
    const update = readFeedEvent(text, this.#options.feedId);
    if (update === null) {
      // Once per power of two: a broken server must not flood the log.
      this.#badEvents += 1;
      if (Number.isInteger(Math.log2(this.#badEvents))) {
        this.#options.logger.warn('price stream sent what is no price', { events: this.#badEvents });
      }
      return;
    }
    this.#heardAtMs = this.#options.clock.nowMs();
    this.#options.onUpdate(update);
  }

  /** The latest price over REST: there is one at once, even where the stream takes its time or is refused. */
  async #readLatest(): Promise<void> {
    const { feedId, logger, onUpdate } = this.#options;
    try {
      const body = await retry(
        () => this.#client.getLatestPriceUpdates([feedId], { parsed: true }),
        callPolicies.hermes,
        { breaker: this.#breaker, signal: this.#stop.signal },
      );
      const update = readFeedUpdate(body, feedId);
      if (update !== null) onUpdate(update);
    } catch (error) {
      logger.warn('latest price could not be read', { error: errorMessage(error) });
    }
  }

  #streamUrl(): URL {
    const { url, feedId } = this.#options;
    const stream = new URL('./v2/updates/price/stream', url.endsWith('/') ? url : `${url}/`);
    stream.searchParams.append('ids[]', feedId);
    stream.searchParams.append('parsed', 'true');
    return stream;
  }

  #headers(): Record<string, string> {
    const { apiKey } = this.#options;
    return { Accept: 'text/event-stream', ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }) };
  }
}
