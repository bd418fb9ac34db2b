import { createParser } from 'eventsource-parser';
import { tickKey } from './listener.ts';

interface StreamBody {
  readonly parsed: readonly { readonly price: { readonly price: string; readonly publish_time: number } }[];
}

/** When each tick of a feed was on Hermes' stream, as another client of that stream saw it. */
export class TickTimes {
  readonly #times = new Map<string, number>();
  readonly #inOrder: number[] = [];
  #wake: () => void = () => undefined;
  readonly #stop = new AbortController();

  constructor(hermesUrl: string, feedId: string) {
    void this.#read(`${hermesUrl}/v2/updates/price/stream?ids[]=${feedId}&parsed=true`).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  /** Milliseconds since 1970, with fractions. */
  at(tick: string): number | undefined {
    return this.#times.get(tick);
  }

  /** Ticks between two moments, in milliseconds since 1970. */
  within(fromMs: number, toMs: number): readonly string[] {
    return [...this.#times].filter(([, atMs]) => atMs >= fromMs && atMs <= toMs).map(([tick]) => tick);
  }

  /** Ticks so far. */
  get count(): number {
    return this.#inOrder.length;
  }

  /** Times of the ticks after the first `count`. */
  since(count: number): readonly number[] {
    return this.#inOrder.slice(count);
  }

  /** Resolves with the next tick. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  stop(): void {
    this.#stop.abort();
  }

  async #read(url: string): Promise<void> {
    const response = await fetch(url, { signal: this.#stop.signal });
    if (response.body === null) throw new Error('Hermes gives no stream');
    const parser = createParser({ onEvent: ({ data }) => this.#note(JSON.parse(data) as StreamBody) });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
  }

  #note({ parsed: [entry] }: StreamBody): void {
    if (entry === undefined) return;
    const key = tickKey(entry.price.publish_time, Number(entry.price.price));
    const now = performance.timeOrigin + performance.now();
    if (!this.#times.has(key)) this.#times.set(key, now);
    this.#inOrder.push(now);
    this.#wake();
  }
}
