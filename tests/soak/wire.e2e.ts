import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { ExchangeStream, type StreamMessage, type StreamState } from '#sdk/index.ts';
import { closeCodes } from '#shared/protocol/ws.ts';
import { HttpCaller, signIn } from '../support/http-caller.ts';
import { startWorker, type RunningWorker } from '../support/running-worker.ts';

/** A server that said goodbye, but waits for the end of a message that never ends, is left after this time. */
const closeTimeoutMs = 1_000;
/** Half a minute of silence, the look that notices it, and a busy machine. */
const silenceMsMax = 120_000;
/** Codes of RFC 6455 with which the platform itself ends a connection, or none at all. */
const endedByPlatform = [1002, 1003, 1006, 1007, 1009];

let worker: RunningWorker;
const opened: WebSocket[] = [];

beforeAll(async () => {
  worker = await startWorker({ SOCKETS_PER_IP_MAX: '20' });
});
afterAll(() => worker.close());
afterEach(() => {
  for (const socket of opened.splice(0)) socket.terminate();
});

const market = (): string => `${worker.webSocketUrl}/ws/market/SOL-PERP`;

async function open(url = market(), options: { origin?: string } = {}): Promise<WebSocket> {
  const patient: ClientOptions & { closeTimeout: number } = {
    perMessageDeflate: false,
    closeTimeout: closeTimeoutMs,
    ...options,
  };
  const socket = new WebSocket(url, patient);
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

/** The HTTP status of a refused upgrade. */
async function refusal(url: string, options: { origin?: string } = {}): Promise<number> {
  const socket = new WebSocket(url, options);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return response.statusCode;
}

/** The next frame of that type. It listens from the call on without a pause: several frames may come in one turn of the event loop. */
function answerOf(socket: WebSocket, type: string): Promise<Record<string, unknown>> {
  return new Promise((found) => {
    const look = (data: Buffer): void => {
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      if (frame.type !== type) return;
      socket.off('message', look);
      found(frame);
    };
    socket.on('message', look);
  });
}

const closing = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];
const rawOf = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket;

/** A client's frame as bytes: `first` is FIN and opcode; the mask is zero. */
function frameOf(first: number, payload: Uint8Array, declared = payload.length): Buffer {
  const length =
    declared < 126 ? Buffer.from([0x80 | declared]) : Buffer.from([0x80 | 126, declared >> 8, declared & 0xff]);
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), payload]);
}

describe('frames on the wire', () => {
  it('a message in fragments is one message', async () => {
    const socket = await open();
    const text = '{"op":"subscribe","channels":["price"]}';
    socket.send(text.slice(0, 10), { fin: false });
    socket.send(text.slice(10, 25), { fin: false });
    socket.send(text.slice(25), { fin: true });
    expect(await answerOf(socket, 'snapshot')).toMatchObject({ channel: 'price' });
  });

  it('fragments that together are too large end the socket with 4000', async () => {
    const socket = await open();
    const ended = closing(socket);
    for (let i = 0; i < 10; i++) socket.send('x'.repeat(1_000), { fin: i === 9 });
    expect(await ended).toBe(closeCodes.badFrame);
  });

  it('fragments that never end are not kept for ever: silence ends the socket, and others go on', async () => {
    const [endless, other] = [await open(), await open()];
    for (let i = 0; i < 100; i++) endless.send('x'.repeat(1_000), { fin: false });
    other.send('{"op":"subscribe","channels":["price"]}');
    expect(await answerOf(other, 'update')).toMatchObject({ channel: 'price' });
    const pings = setInterval(() => other.send('{"op":"ping"}'), 5_000);
    // A client in the middle of a message takes its time to answer the close; that it was sent is what counts.
    await expect.poll(() => endless.readyState, { timeout: silenceMsMax }).not.toBe(WebSocket.OPEN);
    clearInterval(pings);
    expect(other.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['text that is not UTF-8', frameOf(0x81, Buffer.from([0xff, 0xfe, 0x80]))],
    ['an opcode that does not exist', frameOf(0x83, Buffer.from('x'))],
    ['a reserved bit', frameOf(0xf1, Buffer.from('x'))],
    ['a continuation of nothing', frameOf(0x80, Buffer.from('x'))],
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x78])],
  ])('%s never brings down the object: the socket ends or is told, others go on', async (_what, bytes) => {
    const [bad, other] = [await open(), await open()];
    const ended = Promise.race([closing(bad), answerOf(bad, 'error')]);
    rawOf(bad).write(bytes);
    const outcome = await ended;
    if (typeof outcome === 'number') expect(endedByPlatform).toContain(outcome);
    else expect(outcome.code).toBe('VALIDATION_001');
    other.send('{"op":"subscribe","channels":["price"]}');
    expect(await answerOf(other, 'update')).toMatchObject({ channel: 'price' });
  });

  it('40 MB in one message end that socket alone', async () => {
    const [huge, other] = [await open(), await open()];
    const ended = closing(huge);
    huge.send('x'.repeat(40_000_000), () => undefined);
    expect([closeCodes.badFrame, ...endedByPlatform]).toContain(await ended);
    other.send('{"op":"subscribe","channels":["price"]}');
    expect(await answerOf(other, 'update')).toMatchObject({ channel: 'price' });
  });

  it.each(['/ws/account', '/ws/market/SOL-PERP'])('%s closes a binary message with 4000', async (path) => {
    const socket = await open(`${worker.webSocketUrl}${path}`);
    const ended = closing(socket);
    socket.send(Buffer.from([1, 2, 3]));
    expect(await ended).toBe(closeCodes.badFrame);
  });
});

describe('who may connect', () => {
  it('pages of other origins are refused with 403, programs are not', async () => {
    for (const path of ['/ws/account', '/ws/market/SOL-PERP'])
      expect(await refusal(`${worker.webSocketUrl}${path}`, { origin: 'https://evil.example' })).toBe(403);
    await open();
  });

  it('an address has 20 sockets at a market, and one more when one ends', async () => {
    const url = `${worker.webSocketUrl}/ws/market/ETH-PERP`;
    const sockets = await Promise.all(Array.from({ length: 20 }, () => open(url)));
    expect(await refusal(url)).toBe(429);
    const [first] = sockets;
    const ended = first === undefined ? undefined : closing(first);
    first?.close();
    await ended;
    await expect
      .poll(() =>
        open(url).then(
          () => 'open',
          () => 'refused',
        ),
      )
      .toBe('open');
  });
});

describe('sockets that show no token', () => {
  it('make room: a newcomer behind their address is served, and the oldest of them is closed with 4029', async () => {
    const url = `${worker.webSocketUrl}/ws/account`;
    const { token } = await signIn(new HttpCaller(worker.url));
    // One first, the others at once: all of it belongs into the five seconds after which mute sockets are closed anyhow.
    const mute = [await open(url)];
    mute.push(...(await Promise.all(Array.from({ length: 19 }, () => open(url)))));
    const codes = mute.map(closing);
    const newcomer = await open(url);
    const frames: string[] = [];
    newcomer.on('message', (data: Buffer) => frames.push(String(data)));
    newcomer.send(JSON.stringify({ op: 'auth', token }));
    await expect.poll(() => frames.join('\n')).toContain('"type":"authenticated"');
    const [oldest, ...younger] = await Promise.all(codes);
    expect(oldest).toBe(closeCodes.tooMany);
    expect(new Set(younger)).toEqual(new Set([closeCodes.unauthenticated]));
    expect(newcomer.readyState).toBe(WebSocket.OPEN);
  });
});

describe('a restart of the whole worker', () => {
  it('is seen by a client as a pause: it reconnects, is told of the lost window, and goes on without a gap', async () => {
    const states: StreamState[] = [];
    const messages: StreamMessage[] = [];
    const stream = new ExchangeStream({
      url: `${worker.webSocketUrl}/ws/market/BTC-PERP`,
      channels: ['price'],
      onState: (state) => states.push(state),
      onMessage: (message) => messages.push(message),
    });
    stream.open();
    const updates = () => messages.filter(({ type }) => type === 'update').length;
    await expect.poll(updates, { timeout: 15_000 }).toBeGreaterThan(2);
    await worker.restart();
    await expect.poll(() => states.at(-1), { timeout: 30_000 }).toBe('live');
    const before = updates();
    await expect.poll(updates, { timeout: 15_000 }).toBeGreaterThan(before + 2);
    stream.close();
    expect(states).toContain('offline');
    const restarted = messages.findLastIndex(({ type }) => type === 'snapshot');
    expect(restarted).toBeGreaterThan(0);
    for (const part of [messages.slice(0, restarted), messages.slice(restarted)])
      expect(part.map(({ seq }) => seq)).toEqual(part.map((_message, index) => (part[0]?.seq ?? 0) + index));
  });
});
