import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it } from 'vitest';
import { channelKindOf, channelSchemas, pingFrame, pongFrame, type Channel } from '#shared/protocol/ws.ts';
import { fromWire } from '#shared/protocol/wire.ts';
import { resetHermes } from '../market/hermes-control.ts';
import { ObjectSocket } from './object-socket.ts';

const sockets: ObjectSocket[] = [];
const openSocket = async (symbol: string): Promise<ObjectSocket> => {
  const socket = await ObjectSocket.openMarket(symbol);
  sockets.push(socket);
  return socket;
};

/** No message of a channel is missing between two frames. */
function expectUnbroken(socket: ObjectSocket, channel: string): void {
  const seqs = socket.frames
    .filter((frame) => frame.channel === channel && (frame.type === 'update' || frame.type === 'snapshot'))
    .map((frame) => frame.seq ?? -1);
  const first = seqs[0] ?? 0;
  expect(seqs).toEqual(seqs.map((_seq, index) => first + index));
}

afterEach(async () => {
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

  it('the exact ping is answered', async () => {
    const socket = await openSocket('SOL-PERP');
    socket.send(pingFrame);
    await socket.wait('pong', undefined);
    expect(socket.texts).toContain(pongFrame);
  });
});
