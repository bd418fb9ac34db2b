import type { ServerResponse } from 'node:http';
import type { PriceTick } from './price-tick.ts';
import { updateBody } from './update-body.ts';
import type { UpdateQuery } from './update-query.ts';

/** Open streams at a time; more get 503. */
export const streamsMax = 512;
/** Unsent bytes after which a stream that does not read is cut. */
const unsentBytesMax = 1024 * 1024;
/** Pause between keep-alive comments, which keep proxies from closing a quiet stream. */
const keepAliveMs = 15_000;

/** The open SSE streams. */
export class PriceStreams {
  readonly #open = new Map<ServerResponse, UpdateQuery>();
  readonly #keepAlive = setInterval(() => this.#comment(), keepAliveMs).unref();
  /** While true nothing is sent, not even keep-alives: the connection is open and mute. */
  silent = false;

  get count(): number {
    return this.#open.size;
  }

  /** Starts a stream; false when there are too many. */
  open(response: ServerResponse, query: UpdateQuery): boolean {
    if (this.#open.size >= streamsMax) return false;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    });
    response.flushHeaders();
    this.#open.set(response, query);
    response.on('close', () => this.#open.delete(response));
    return true;
  }

  /** Sends each stream the ticks it asked for. */
  publish(latest: (feedId: string) => PriceTick | undefined): void {
    if (this.silent) return;
    for (const [response, query] of this.#open) {
      const ticks = query.ids.map(latest).filter((tick): tick is PriceTick => tick !== undefined);
      const due = query.benchmarksOnly ? ticks.filter((tick) => tick.publishTime > tick.prevPublishTime) : ticks;
      if (due.length > 0) this.#send(response, `data:${JSON.stringify(updateBody(due, query))}\n\n`);
    }
  }

  /** Cuts every stream as a broken network does: no farewell. */
  drop(): void {
    for (const response of this.#open.keys()) response.destroy();
    this.#open.clear();
  }

  close(): void {
    clearInterval(this.#keepAlive);
    this.drop();
  }

  #comment(): void {
    if (this.silent) return;
    for (const response of this.#open.keys()) this.#send(response, ':\n\n');
  }

  #send(response: ServerResponse, text: string): void {
    if (response.writableLength > unsentBytesMax) response.destroy();
    else response.write(text);
  }
}
