import { pingFrame, socketBounds, type Channel as ChannelName, type ServerMessage } from '#shared/protocol/ws.ts';

import { fullJitterMs } from './backoff.ts';
import { ChannelCursor } from './channel-cursor.ts';
import { readData, readFrame, type StreamMessage } from './stream-messages.ts';

/** Times and counts that bound a stream. */
export const streamBounds = {
  /** Ceiling of the first reconnection delay. */
  reconnectDelayMsBase: 300,
  reconnectDelayMsMax: 10_000,
  /** A connection that lived this long makes the next delay short again; one that is refused at once does not. */
  stableMsMin: 5_000,
  /** From opening the socket to the server's hello. */
  helloTimeoutMs: 8_000,
  pingIntervalMs: 10_000,
  /** Silence after which the connection counts as dead. */
  silenceMsMax: 20_000,
  ackIntervalMs: socketBounds.ackIntervalMs,
  ackMessagesMax: socketBounds.ackMessagesMax,
  /** From asking for missed messages to having them; then the connection is made anew. */
  resyncTimeoutMs: 5_000,
  channelsMax: socketBounds.channelsMax,
} as const;

/**
 * `connecting`: for the first time. `behind`: connected, but a channel is waiting for what it missed. `offline`: lost, until the next
 * connection stands, however many attempts that takes.
 */
export type StreamState = 'connecting' | 'live' | 'behind' | 'offline' | 'closed';

export interface StreamOptions {
  /** Absolute ws:// or wss:// address. */
  readonly url: string;
  readonly channels: readonly ChannelName[];
  readonly onMessage: (message: StreamMessage) => void;
  readonly onState?: (state: StreamState) => void;
  /** Every greeting of the server: its clock, milliseconds since 1970. */
  readonly onHello?: (serverMs: number) => void;
  /** Error frames of the server and frames that do not fit the protocol. */
  readonly onError?: (error: { code: string; message: string }) => void;
  /** Access token for the account stream, asked for on every connection; undefined waits for the next attempt. */
  readonly token?: () => Promise<string | undefined>;
  readonly bounds?: Partial<{ [K in keyof typeof streamBounds]: number }>;
  readonly random?: () => number;
}

interface Channel {
  readonly name: ChannelName;
  readonly cursor: ChannelCursor;
  /** Messages since the last ack. */
  unacked: number;
  /** When it asked for missed messages; undefined while in sync. */
  resyncSince: number | undefined;
}

/**
 * One self-healing socket to the exchange: resumes every channel where it was left, detects gaps, acknowledges, pings, and
 * reconnects with full jitter for as long as it is open.
 */
export class ExchangeStream {
  readonly #options: StreamOptions;
  readonly #bounds: { [K in keyof typeof streamBounds]: number };
  readonly #channels = new Map<ChannelName, Channel>();
  #socket: WebSocket | undefined;
  #state: StreamState = 'closed';
  #attempt = 0;
  #lastHeardAt = 0;
  #ready = false;
  #readyAt = 0;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #helloTimer: ReturnType<typeof setTimeout> | undefined;
  #intervals: ReturnType<typeof setInterval>[] = [];

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#bounds = { ...streamBounds, ...options.bounds };
    for (const name of options.channels) this.#add(name);
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Connects; calling it on an open stream changes nothing. */
  open(): void {
    if (this.#state !== 'closed') return;
    void this.#connect();
  }

  /** Ends the stream for good, without a further event but `closed`. */
  close(): void {
    clearTimeout(this.#reconnectTimer);
    this.#reconnectTimer = undefined;
    this.#drop();
    this.#setState('closed');
  }

  /** Skips the wait before the next attempt: the network is known to be back. */
  reconnectNow(): void {
    if (this.#reconnectTimer === undefined) return;
    clearTimeout(this.#reconnectTimer);
    void this.#connect();
  }

  /** The network is known to be gone: does not wait until the silence says so. */
  interrupt(): void {
    if (this.#socket !== undefined) this.#lost(this.#socket);
  }

  subscribe(names: readonly ChannelName[]): void {
    for (const name of names) {
      if (this.#channels.has(name)) continue;
      const channel = this.#add(name);
      if (this.#ready) this.#ask(channel);
    }
    this.#settleState();
  }

  unsubscribe(names: readonly ChannelName[]): void {
    for (const name of names) {
      if (!this.#channels.delete(name)) continue;
      if (this.#ready) this.#send({ op: 'unsubscribe', channels: [name] });
    }
    this.#settleState();
  }

  #add(name: ChannelName): Channel {
    if (this.#channels.size >= this.#bounds.channelsMax)
      throw new RangeError(`more than ${this.#bounds.channelsMax} channels`);
    const channel: Channel = { name, cursor: new ChannelCursor(), unacked: 0, resyncSince: undefined };
    this.#channels.set(name, channel);
    return channel;
  }

  async #connect(): Promise<void> {
    this.#reconnectTimer = undefined;
    if (this.#state === 'closed') this.#setState('connecting');
    let token: string | undefined;
    if (this.#options.token !== undefined) {
      token = await this.#options.token().catch(() => undefined);
      if (this.state === 'closed') return;
      if (token === undefined) {
        this.#retryLater();
        return;
      }
    }
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#lastHeardAt = Date.now();
    this.#helloTimer = setTimeout(() => this.#lost(socket), this.#bounds.helloTimeoutMs);
    socket.addEventListener('open', () => {
      if (token !== undefined && socket === this.#socket) this.#send({ op: 'auth', token });
    });
    socket.addEventListener('message', (event) => {
      if (socket === this.#socket) this.#hear(socket, event.data);
    });
    socket.addEventListener('close', () => this.#lost(socket));
    socket.addEventListener('error', () => this.#lost(socket));
  }

  #hear(socket: WebSocket, text: unknown): void {
    this.#lastHeardAt = Date.now();
    try {
      if (typeof text !== 'string') throw new TypeError('binary frame');
      this.#apply(readFrame(text));
    } catch {
      this.#options.onError?.({
        code: 'CLIENT_BAD_ANSWER',
        message: 'The exchange sent a frame that does not fit the protocol.',
      });
      this.#lost(socket);
    }
  }

  #apply(frame: ServerMessage): void {
    switch (frame.type) {
      case 'hello':
        this.#options.onHello?.(Date.parse(frame.server_time));
        if (this.#options.token === undefined) this.#begin();
        return;
      case 'authenticated':
        this.#begin();
        return;
      case 'snapshot':
      case 'update':
        this.#onData(frame);
        return;
      case 'reset':
        this.#onReset(frame.channel);
        return;
      case 'error':
        this.#options.onError?.({ code: frame.code, message: frame.message });
        return;
      case 'pong':
        return;
      default:
        assertNever(frame);
    }
  }

  /** The connection stands: ask for every channel from where it was left, and start the clocks. */
  #begin(): void {
    clearTimeout(this.#helloTimer);
    this.#ready = true;
    this.#readyAt = Date.now();
    for (const channel of this.#channels.values()) this.#ask(channel);
    this.#intervals = [
      setInterval(() => this.#send(pingFrame), this.#bounds.pingIntervalMs),
      setInterval(() => this.#ackAll(), this.#bounds.ackIntervalMs),
      setInterval(() => this.#watch(), Math.min(1_000, this.#bounds.resyncTimeoutMs)),
    ];
    this.#settleState();
  }

  /**
   * Subscribes. A resumed channel counts as in sync at once: if it missed nothing, nothing comes, and what it missed shows
   * in the next update's `prev_seq`.
   */
  #ask(channel: Channel): void {
    const from = channel.cursor.position;
    channel.resyncSince = from === undefined ? Date.now() : undefined;
    this.#send({ op: 'subscribe', channels: [channel.name], ...(from === undefined ? {} : { from }) });
  }

  #onData(frame: Extract<ServerMessage, { type: 'snapshot' | 'update' }>): void {
    const channel = this.#channels.get(frame.channel);
    if (channel === undefined) return;
    const message = readData(frame);
    if (frame.type === 'snapshot') {
      channel.cursor.snapshot(frame.epoch, frame.seq);
      this.#deliver(channel, message);
      return;
    }
    switch (channel.cursor.update(frame.seq, frame.prev_seq)) {
      case 'apply':
        this.#deliver(channel, message);
        return;
      case 'duplicate':
        return;
      case 'gap':
        if (channel.resyncSince === undefined) {
          this.#ask(channel);
          channel.resyncSince = Date.now();
          this.#settleState();
        }
        return;
    }
  }

  #onReset(name: ChannelName): void {
    const channel = this.#channels.get(name);
    if (channel === undefined) return;
    channel.cursor.reset();
    channel.resyncSince ??= Date.now();
    this.#settleState();
  }

  #deliver(channel: Channel, message: StreamMessage): void {
    channel.resyncSince = undefined;
    channel.unacked += 1;
    this.#options.onMessage(message);
    if (channel.unacked >= this.#bounds.ackMessagesMax) this.#ack(channel);
    this.#settleState();
  }

  #ackAll(): void {
    for (const channel of this.#channels.values()) if (channel.unacked > 0) this.#ack(channel);
  }

  #ack(channel: Channel): void {
    const position = channel.cursor.position;
    channel.unacked = 0;
    if (position !== undefined) this.#send({ op: 'ack', channel: channel.name, seq: position.seq });
  }

  /** Ends a connection that is silent, or that does not deliver what a channel missed. */
  #watch(): void {
    const now = Date.now();
    const silent = now - this.#lastHeardAt > this.#bounds.silenceMsMax;
    const stuck = [...this.#channels.values()].some(
      (channel) => channel.resyncSince !== undefined && now - channel.resyncSince > this.#bounds.resyncTimeoutMs,
    );
    if ((silent || stuck) && this.#socket !== undefined) this.#lost(this.#socket);
  }

  #send(frame: object | string): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** A connection ended, whoever ended it. Only the current one matters. */
  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    if (this.#ready && Date.now() - this.#readyAt > this.#bounds.stableMsMin) this.#attempt = 0;
    this.#drop();
    this.#retryLater();
  }

  #drop(): void {
    clearTimeout(this.#helloTimer);
    for (const interval of this.#intervals) clearInterval(interval);
    this.#intervals = [];
    this.#ready = false;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #retryLater(): void {
    this.#setState('offline');
    const { reconnectDelayMsBase: delayMsBase, reconnectDelayMsMax: delayMsMax } = this.#bounds;
    const delayMs = fullJitterMs(this.#attempt, { delayMsBase, delayMsMax }, this.#options.random);
    this.#attempt += 1;
    this.#reconnectTimer = setTimeout(() => void this.#connect(), delayMs);
  }

  #settleState(): void {
    if (!this.#ready) return;
    const waiting = [...this.#channels.values()].some((channel) => channel.resyncSince !== undefined);
    this.#setState(waiting ? 'behind' : 'live');
  }

  #setState(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }
}

function assertNever(frame: never): never {
  throw new TypeError(`unknown frame ${String(frame)}`);
}
