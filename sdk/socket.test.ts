import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';

import { ExchangeStream, type StreamOptions, type StreamState } from './socket.ts';
import type { StreamMessage } from './stream-messages.ts';

/** What a busy machine brings about takes its time; the runner's own second is none. */
const patienceMs = 30_000;
const eventually = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: patienceMs });

/** Price data whose digits do not survive a float. */
const tick = (seq: number) => ({
  symbol: 'SOL-PERP',
  price: `14${seq}.12345678`,
  confidence: 0.05,
  ema: '145.5',
  publish_time: 1_760_000_000 + seq,
  state: 'ok',
  funding_rate: null,
});

/** A real server that speaks the protocol by hand, so that each test decides what goes over the wire. */
class Exchange {
  readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  readonly sockets: ServerSocket[] = [];
  readonly heard: Record<string, unknown>[] = [];
  greet = true;

  constructor() {
    this.server.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('message', (data) => this.heard.push(JSON.parse(String(data)) as Record<string, unknown>));
      if (this.greet)
        this.send({
          type: 'hello',
          version: 1,
          connection_id: 'c',
          server_time: '2026-01-01T00:00:00.000Z',
          epoch: 'e1',
        });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  send(frame: object | string): void {
    this.sockets.at(-1)?.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  snapshot(seq: number, data: unknown = tick(seq), epoch = 'e1'): void {
    this.send({ type: 'snapshot', channel: 'price', epoch, seq, data });
  }

  update(seq: number, prevSeq = seq - 1): void {
    this.send({
      type: 'update',
      channel: 'price',
      seq,
      prev_seq: prevSeq,
      ts: '2026-01-01T00:00:00.000Z',
      data: tick(seq),
    });
  }

  said(op: string): Record<string, unknown>[] {
    return this.heard.filter((frame) => frame.op === op);
  }
}

let exchange: Exchange;
let stream: ExchangeStream | undefined;
let messages: StreamMessage[];
let states: StreamState[];
let errors: { code: string }[];

const fast = { reconnectDelayMsBase: 10, reconnectDelayMsMax: 20 };

function connect(options: Partial<StreamOptions> = {}): ExchangeStream {
  stream = new ExchangeStream({
    url: exchange.url,
    channels: ['price'],
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    onError: (error) => errors.push(error),
    ...options,
    bounds: { ...fast, ...options.bounds },
  });
  stream.open();
  return stream;
}

const seqs = () => messages.map((message) => message.seq);

beforeEach(async () => {
  exchange = new Exchange();
  await once(exchange.server, 'listening');
  [messages, states, errors] = [[], [], []];
});

afterEach(() => {
  stream?.close();
  for (const socket of exchange.sockets) socket.terminate();
  exchange.server.close();
});

test('a stream is live only after the snapshot, and delivers updates in order', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  expect(states).toEqual(['connecting', 'behind']);
  exchange.snapshot(7);
  exchange.update(8);
  await eventually(() => expect(seqs()).toEqual([7, 8]));
  expect(states.at(-1)).toBe('live');
});

test('data arrives decoded into its units, with every digit', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  await eventually(() => expect(messages).toHaveLength(1));
  expect(messages[0]).toMatchObject({
    kind: 'price',
    type: 'snapshot',
    data: { price: 14_712_345_678n, confidence: 5_000_000n },
  });
});

test('every greeting tells the clock of the exchange', async () => {
  const clocks: number[] = [];
  connect({ onHello: (serverMs) => clocks.push(serverMs) });
  await eventually(() => expect(clocks).toEqual([Date.UTC(2026, 0, 1)]));
});

test('data that does not fit its channel is reported, not delivered', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7, { ...tick(7), price: -1 });
  await eventually(() => expect(errors).toEqual([expect.objectContaining({ code: 'CLIENT_BAD_ANSWER' })]));
  expect(messages).toEqual([]);
});

test('an update seen before is dropped', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  exchange.update(8);
  exchange.update(8);
  exchange.update(9);
  await eventually(() => expect(seqs()).toEqual([7, 8, 9]));
});

test('a gap is never silent: the stream says it is behind, asks from where it was, and hides what came too early', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  exchange.update(10);
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(2));
  expect(exchange.said('subscribe')[1]).toMatchObject({ channels: ['price'], from: { epoch: 'e1', seq: 7 } });
  expect(states.at(-1)).toBe('behind');
  for (const seq of [8, 9, 10]) exchange.update(seq);
  await eventually(() => expect(seqs()).toEqual([7, 8, 9, 10]));
  expect(states.at(-1)).toBe('live');
});

test('missed messages that never come end the connection', async () => {
  connect({ bounds: { resyncTimeoutMs: 50 } });
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  exchange.update(10);
  await eventually(() => expect(exchange.sockets.length).toBeGreaterThan(1));
  expect(states).toContain('offline');
});

test('a stream whose network is known to be gone says so at once, and comes back by itself', async () => {
  const open = connect({ bounds: { silenceMsMax: 60_000 } });
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  await eventually(() => expect(states.at(-1)).toBe('live'));
  open.interrupt();
  expect(states.at(-1)).toBe('offline');
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(2));
});

test('a reconnected stream resumes from its last message', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  exchange.update(8);
  await eventually(() => expect(seqs()).toEqual([7, 8]));
  exchange.sockets[0]?.terminate();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(2));
  expect(exchange.said('subscribe')[1]).toMatchObject({ from: { epoch: 'e1', seq: 8 } });
  exchange.update(9);
  await eventually(() => expect(seqs()).toEqual([7, 8, 9]));
  expect(states).toEqual(['connecting', 'behind', 'live', 'offline', 'live']);
});

test('a resumed stream that missed nothing is live at once', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  await eventually(() => expect(states.at(-1)).toBe('live'));
  exchange.sockets[0]?.terminate();
  await eventually(() => expect(exchange.sockets).toHaveLength(2));
  await eventually(() => expect(states.at(-1)).toBe('live'));
});

test('after a reset only a snapshot counts', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(7);
  exchange.send({ type: 'reset', channel: 'price' });
  exchange.update(8);
  exchange.snapshot(2, tick(2), 'e2');
  exchange.update(3);
  await eventually(() =>
    expect(messages.map((message) => [message.type, message.seq])).toEqual([
      ['snapshot', 7],
      ['snapshot', 2],
      ['update', 3],
    ]),
  );
});

test('messages are acknowledged by count', async () => {
  connect({ bounds: { ackMessagesMax: 3 } });
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(1);
  exchange.update(2);
  exchange.update(3);
  await eventually(() => expect(exchange.said('ack')).toEqual([{ op: 'ack', channel: 'price', seq: 3 }]));
});

test('messages are acknowledged by time, and only when there is something to acknowledge', async () => {
  connect({ bounds: { ackIntervalMs: 20 } });
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(4);
  await eventually(() => expect(exchange.said('ack')).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(exchange.said('ack')).toEqual([{ op: 'ack', channel: 'price', seq: 4 }]);
});

test('the ping is exactly the bytes that the server answers without waking up', async () => {
  const raw: string[] = [];
  exchange.server.on('connection', (socket) => socket.on('message', (data) => raw.push(String(data))));
  connect({ bounds: { pingIntervalMs: 20 } });
  await eventually(() => expect(raw).toContain('{"op":"ping"}'));
});

test('a silent connection is given up', async () => {
  connect({ bounds: { silenceMsMax: 60, resyncTimeoutMs: 50 } });
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.snapshot(1);
  await eventually(() => expect(exchange.sockets.length).toBeGreaterThan(1));
});

test('a server that does not greet is left', async () => {
  exchange.greet = false;
  connect({ bounds: { helloTimeoutMs: 40 } });
  await eventually(() => expect(exchange.sockets.length).toBeGreaterThan(1));
});

test('a frame that is not of the protocol ends the connection and is reported', async () => {
  connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.send('<html>');
  await eventually(() => expect(errors).toEqual([expect.objectContaining({ code: 'CLIENT_BAD_ANSWER' })]));
  await eventually(() => expect(exchange.sockets).toHaveLength(2));
});

test('the account stream subscribes only once its token was accepted, and asks for a fresh one on each connection', async () => {
  let issued = 0;
  connect({ token: () => Promise.resolve(`token-${(issued += 1)}`) });
  await eventually(() => expect(exchange.heard.map((frame) => frame.op)).toEqual(['auth']));
  exchange.send({ type: 'authenticated', wallet_address: 'w', expires_at: '2026-01-01T00:00:00.000Z' });
  await eventually(() => expect(exchange.heard.map((frame) => frame.op)).toEqual(['auth', 'subscribe']));
  exchange.sockets[0]?.terminate();
  await eventually(() => expect(exchange.said('auth').map((frame) => frame.token)).toEqual(['token-1', 'token-2']));
});

test('the wait before the next attempt can be skipped once the network is back', async () => {
  const open = connect({ bounds: { reconnectDelayMsBase: 60_000, reconnectDelayMsMax: 60_000 } });
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  exchange.sockets[0]?.terminate();
  await eventually(() => expect(states.at(-1)).toBe('offline'));
  open.reconnectNow();
  open.reconnectNow();
  await eventually(() => expect(exchange.sockets).toHaveLength(2));
});

test('a closed stream never connects again', async () => {
  const open = connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  open.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(exchange.sockets).toHaveLength(1);
  expect(states.at(-1)).toBe('closed');
});

test('channels can be added and dropped on an open connection', async () => {
  const open = connect();
  await eventually(() => expect(exchange.said('subscribe')).toHaveLength(1));
  open.subscribe(['candles:1m']);
  open.unsubscribe(['price']);
  await eventually(() => expect(exchange.said('unsubscribe')).toEqual([{ op: 'unsubscribe', channels: ['price'] }]));
  exchange.snapshot(1);
  exchange.send({ type: 'snapshot', channel: 'candles:1m', epoch: 'e1', seq: 5, data: [] });
  await eventually(() => expect(messages.map((message) => message.channel)).toEqual(['candles:1m']));
});

test('the number of channels is bounded', () => {
  expect(() => connect({ channels: ['price', 'stats', 'trades'], bounds: { channelsMax: 2 } })).toThrow(RangeError);
});
