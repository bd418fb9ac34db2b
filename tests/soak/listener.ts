import { WebSocket } from 'ws';
import { pingFrame, socketBounds } from '#shared/protocol/ws.ts';
import type { ChannelRecord } from './channel-record.ts';

/** What may not happen, counted. */
export interface Faults {
  gaps: number;
  reorders: number;
  duplicates: number;
  resets: number;
  closes: number;
  errors: number;
}

export const noFaults = (): Faults => ({ gaps: 0, reorders: 0, duplicates: 0, resets: 0, closes: 0, errors: 0 });

const pingIntervalMs = 10_000;

interface Frame {
  readonly type: string;
  readonly channel: string;
  readonly seq: number;
  readonly prev_seq: number;
  readonly data: { readonly publish_time?: number; readonly price?: number } | null;
}

export interface ListenerOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly records: ReadonlyMap<string, ChannelRecord>;
  readonly faults: Faults;
  /** Of a trader's own channels: who it is. Absent: a market's. */
  readonly token?: string;
}

/** One client of a market, or of an account: subscribes, acknowledges and pings as the protocol asks, and checks every number. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #socket: WebSocket;
  readonly #last = new Map<string, number>();
  readonly #acked = new Map<string, number>();
  #timers: NodeJS.Timeout[] = [];
  #isLeaving = false;
  readonly ready: Promise<void>;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#socket = new WebSocket(options.url, { perMessageDeflate: false });
    this.ready = new Promise((resolve, reject) => {
      this.#socket.on('message', (data) => {
        this.#hear(String(data));
        if (this.#last.size === options.channels.length) resolve();
      });
      this.#socket.on('error', reject);
    });
    this.#socket.on('open', () => {
      if (options.token === undefined) this.#begin();
      else this.#send({ op: 'auth', token: options.token });
    });
    this.#socket.on('close', () => {
      for (const timer of this.#timers) clearInterval(timer);
      if (!this.#isLeaving) options.faults.closes += 1;
    });
  }

  close(): void {
    this.#isLeaving = true;
    this.#socket.close();
  }

  #begin(): void {
    this.#send({ op: 'subscribe', channels: this.#options.channels });
    this.#timers = [
      setInterval(() => this.#acknowledge(), socketBounds.ackIntervalMs),
      setInterval(() => this.#socket.send(pingFrame), pingIntervalMs),
    ];
  }

  #hear(text: string): void {
    const { faults } = this.#options;
    const frame = JSON.parse(text) as Frame;
    if (frame.type === 'authenticated') this.#begin();
    else if (frame.type === 'snapshot') this.#last.set(frame.channel, frame.seq);
    else if (frame.type === 'update') this.#onUpdate(frame, text);
    else if (frame.type === 'reset') faults.resets += 1;
    else if (frame.type === 'error') faults.errors += 1;
  }

  #onUpdate(frame: Frame, text: string): void {
    const { faults, records } = this.#options;
    const last = this.#last.get(frame.channel) ?? Number.NaN;
    if (frame.seq === last) faults.duplicates += 1;
    else if (frame.seq < last) faults.reorders += 1;
    else if (frame.seq !== last + 1 || frame.prev_seq !== last) faults.gaps += 1;
    this.#last.set(frame.channel, frame.seq);
    records.get(frame.channel)?.note(frame.seq, text, () => tickOf(frame));
    if (frame.seq - (this.#acked.get(frame.channel) ?? last) >= socketBounds.ackMessagesMax) this.#acknowledge();
  }

  #acknowledge(): void {
    for (const [channel, seq] of this.#last) {
      if (this.#acked.get(channel) === seq) continue;
      this.#acked.set(channel, seq);
      this.#send({ op: 'ack', channel, seq });
    }
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

const tickOf = ({ channel, data }: Frame): string | null =>
  channel === 'price' && data?.price !== undefined && data.publish_time !== undefined
    ? tickKey(data.publish_time, Math.round(data.price * 1e8))
    : null;

/** How a tick of Hermes is recognised in the messages about it; `price` in 1e-8 USD. */
export const tickKey = (publishTime: number, price: number): string => `${publishTime}:${price}`;
