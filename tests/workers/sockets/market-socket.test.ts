import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  channelKindOf,
  channelSchemas,
  closeCodes,
  marketChannels,
  pingFrame,
  pongFrame,
  socketBounds,
  type Channel,
} from '#shared/protocol/ws.ts';
import { fromWire } from '#shared/protocol/wire.ts';
import { putClockAhead } from '../worker-clock.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { ObjectSocket } from './object-socket.ts';

const sockets: ObjectSocket[] = [];
const openSocket = async (symbol: string): Promise<ObjectSocket> => {
  const socket = await ObjectSocket.openMarket(symbol);
  sockets.push(socket);
  return socket;
};

/** A message that the object answers when it has read everything before it. */
const readPing = '{"op":"ping" }';

/** No message of a channel is missing between two frames. */
function expectUnbroken(socket: ObjectSocket, channel: string): void {
  const seqs = socket.frames
    .filter((frame) => frame.channel === channel && (frame.type === 'update' || frame.type === 'snapshot'))
    .map((frame) => frame.seq ?? -1);
  const first = seqs[0] ?? 0;
  expect(seqs).toEqual(seqs.map((_seq, index) => first + index));
}

afterEach(async () => {
  vi.restoreAllMocks();
  for (const socket of sockets.splice(0)) socket.close();
  await resetHermes();
});

describe('/ws/market', () => {
  it('gives live prices without a gap, in the form the protocol describes', async () => {
    const socket = await openSocket('SOL-PERP');
    socket.send({ op: 'subscribe', channels: ['price', 'trades', 'stats', 'candles:1m'] });
    await socket.wait('update', 'price', 4);
    expectUnbroken(socket, 'price');
    for (const frame of [...socket.of('snapshot'), ...socket.of('update')]) {
      const kind = channelSchemas[channelKindOf(frame.channel as Channel)];
      expect(() => fromWire(frame.type === 'snapshot' ? kind.snapshot : kind.update, frame.data)).not.toThrow();
    }
  });

  it('resumes where it was left after a lost connection', async () => {
    const first = await openSocket('BTC-PERP');
    first.send({ op: 'subscribe', channels: ['price'] });
    const last = (await first.wait('update', 'price', 2)).at(-1);
    const [hello] = first.of('hello');
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const second = await openSocket('BTC-PERP');
    second.send({ op: 'subscribe', channels: ['price'], from: { epoch: hello?.epoch, seq: last?.seq } });
    const [resumed] = await second.wait('update', 'price');
    expect(resumed?.prev_seq).toBe(last?.seq);
    expect(second.of('reset')).toEqual([]);
  });

  it('after a restart of its object a resume is told that the window is lost: reset, snapshot of another epoch, live', async () => {
    const first = await openSocket('ETH-PERP');
    first.send({ op: 'subscribe', channels: ['price'] });
    const last = (await first.wait('update', 'price', 2)).at(-1);
    const [hello] = first.of('hello');
    const stub = env.MARKETS.getByName('ETH-PERP');
    // An abort is what a deployment does to an object.
    await runInDurableObject(stub, (_instance, state) => state.abort('restarted by the test')).catch(() => undefined);
    const second = await openSocket('ETH-PERP');
    second.send({ op: 'subscribe', channels: ['price'], from: { epoch: hello?.epoch, seq: last?.seq } });
    await second.wait('reset', 'price');
    const [snapshot] = await second.wait('snapshot', 'price');
    expect(snapshot?.epoch).not.toBe(hello?.epoch);
    await second.wait('update', 'price', 2);
    expectUnbroken(second, 'price');
  });

  it('the exact ping is answered with the exact pong', async () => {
    const socket = await openSocket('SOL-PERP');
    socket.send(pingFrame);
    await socket.wait('pong', undefined);
    expect(socket.texts).toContain(pongFrame);
  });

  it('every message is serialised once, however many sockets receive it', async () => {
    const listeners = await Promise.all(Array.from({ length: 40 }, () => openSocket('SOL-PERP')));
    for (const socket of listeners) socket.send({ op: 'subscribe', channels: ['price'] });
    await Promise.all(listeners.map((socket) => socket.wait('update', 'price')));
    const written = new Map<string, number>();
    const stringify = JSON.stringify;
    const [first] = listeners;
    const known = first?.of('update', 'price').length ?? 0;
    try {
      JSON.stringify = ((...parameters: Parameters<typeof stringify>) => {
        const text = stringify(...parameters);
        written.set(text, (written.get(text) ?? 0) + 1);
        return text;
      }) as typeof stringify;
      await Promise.all(listeners.map((socket) => socket.wait('update', 'price', known + 3)));
    } finally {
      JSON.stringify = stringify;
    }
    const last = first?.texts.filter((text) => text.includes('"type":"update"')).slice(-2) ?? [];
    const hasLast = (socket: ObjectSocket): boolean => last.every((text) => socket.texts.includes(text));
    await until('they came to every socket', () => listeners.every(hasLast));
    for (const text of last) {
      expect(written.get(text.slice(text.indexOf('"data":') + '"data":'.length, -1))).toBe(1);
      for (const socket of listeners) expect(socket.texts.filter((other) => other === text)).toHaveLength(1);
    }
    expect(last).toHaveLength(2);
  });

  it('each channel of a message is subscribed once, unknown ones are refused whole, and unsubscribing ends the updates', async () => {
    const socket = await openSocket('SOL-PERP');
    socket.send({ op: 'subscribe', channels: ['price', 'candles:2m'] });
    await socket.wait('error', undefined);
    const often = Array.from({ length: socketBounds.channelsMax }, (_, i) => marketChannels[i % marketChannels.length]);
    socket.send({ op: 'subscribe', channels: often });
    socket.send(readPing);
    await socket.wait('pong', undefined);
    expect(socket.of('snapshot').map(({ channel }) => channel)).toEqual([...marketChannels]);
    socket.send({ op: 'unsubscribe', channels: [...marketChannels] });
    socket.send(readPing);
    await socket.wait('pong', undefined, 2);
    const heard = socket.frames.length;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(socket.frames.slice(heard)).toEqual([]);
  });

  it('10,000 subscriptions at once end with 4029 and leave the object as quick as before', async () => {
    const [flooding, other] = [await openSocket('BTC-PERP'), await openSocket('BTC-PERP')];
    for (let i = 0; i < 10_000; i++) flooding.send({ op: 'subscribe', channels: [...marketChannels] });
    const askedAt = Date.now();
    other.send({ op: 'subscribe', channels: ['price'] });
    await other.wait('snapshot', 'price');
    expect(await flooding.closed()).toBe(closeCodes.tooMany);
    expect(flooding.of('snapshot').length).toBeLessThan(100 * marketChannels.length);
    await other.wait('update', 'price', 2);
    expectUnbroken(other, 'price');
    expect(Date.now() - askedAt).toBeLessThan(20_000);
  });

  it.each([
    ['a binary frame', new Uint8Array([1, 2, 3]).buffer],
    ['more than 8 KB', JSON.stringify({ op: 'subscribe', channels: ['price'], pad: 'x'.repeat(8_192) })],
    ['more than 8 KB in UTF-8 alone', JSON.stringify({ op: 'auth', token: 'é'.repeat(4_090) })],
  ])('%s ends the socket with 4000 at once, saying why', async (_what, frame) => {
    const socket = await openSocket('SOL-PERP');
    socket.send(frame);
    expect(await socket.closed()).toBe(closeCodes.badFrame);
    expect(socket.of('error').map(({ code }) => code)).toEqual(['VALIDATION_001']);
  });

  it('a public socket takes no token and goes on', async () => {
    const socket = await openSocket('SOL-PERP');
    socket.send({ op: 'auth', token: 'any' });
    await socket.wait('error', undefined);
    socket.send({ op: 'subscribe', channels: ['price'] });
    await socket.wait('snapshot', 'price');
  });

  it('30 s of silence end a socket with 4008; one that pings stays', async () => {
    const [silent, pinging] = [await openSocket('SOL-PERP'), await openSocket('SOL-PERP')];
    // Two thirds of the silence a socket may keep; the platform notes by its own clock when it answered a ping.
    putClockAhead(20_000);
    const pings = setInterval(() => pinging.send(pingFrame), 1_000);
    try {
      await until('the silent one is closed', async () => {
        // The look that was set for half a minute later, as long as there is one.
        await runDurableObjectAlarm(env.MARKETS.getByName('SOL-PERP'));
        return silent.closedWith;
      });
    } finally {
      clearInterval(pings);
    }
    expect([silent.closedWith, pinging.closedWith]).toEqual([closeCodes.tooSlow, null]);
  });
});
