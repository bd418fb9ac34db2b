import { createHash } from 'node:crypto';

/** What sockets received of one channel, message by message. */
export interface SeenMessage {
  readonly seq: number;
  /** Sockets that received it. */
  readonly count: number;
  /** Milliseconds since 1970, with fractions. */
  readonly lastAtMs: number;
  /** SHA-256 of the frame's text. */
  readonly hash: string;
  /** Publish time and price, of a price: how a tick is recognised. */
  readonly tick: string | null;
}

interface Seen {
  count: number;
  lastAtMs: number;
  readonly text: string;
  readonly tick: string | null;
}

/** All that the sockets of one process received of one channel. */
export class ChannelRecord {
  readonly #seen = new Map<number, Seen>();
  /** Sockets that got other bytes under a number than the others did. */
  differing = 0;

  note(seq: number, text: string, tick: () => string | null): void {
    const seen = this.#seen.get(seq);
    const now = performance.timeOrigin + performance.now();
    if (seen === undefined) this.#seen.set(seq, { count: 1, lastAtMs: now, text, tick: tick() });
    else {
      seen.count += 1;
      seen.lastAtMs = now;
      if (seen.text !== text) this.differing += 1;
    }
  }

  messages(): SeenMessage[] {
    return [...this.#seen].map(([seq, { count, lastAtMs, text, tick }]) => ({
      ...{ seq, count, lastAtMs, tick },
      hash: createHash('sha256').update(text).digest('hex'),
    }));
  }
}
