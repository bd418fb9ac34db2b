import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountChannels, closeCodes, pingFrame, pongFrame, socketBounds } from '#shared/protocol/ws.ts';
import type { AccountRpc } from '../../../workers/account/contract.ts';
import { newWallet } from '../api/caller.ts';
import { putClockAhead } from '../worker-clock.ts';
import { until } from '../market/hermes-control.ts';
import { ObjectSocket } from './object-socket.ts';
import { alertOf, SignedIn } from './signed-in.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Runs inside the object of a trader's account. */
const inObject = <T>(
  { account }: SignedIn,
  body: (object: AccountRpc, state: DurableObjectState) => T | Promise<T>,
): Promise<T> => runInDurableObject(account, (object, state) => body(object as unknown as AccountRpc, state));
const seqsOf = (socket: ObjectSocket, type: string): (number | undefined)[] =>
  socket.of(type, 'risk').map((frame) => frame.seq);
/** Acknowledges what must have arrived, and waits until the object knows. */
const acknowledge = async (socket: ObjectSocket, seq: number): Promise<void> => {
  await until(`message ${seq}`, () => seqsOf(socket, 'update').at(-1) === seq);
  const pongs = socket.of('pong').length;
  socket.send({ op: 'ack', channel: 'risk', seq });
  socket.send('{"op":"ping" }');
  await socket.wait('pong', undefined, pongs + 1);
};
const messagesOf = (socket: ObjectSocket): unknown[] =>
  socket.of('update', 'risk').map((frame) => (frame.data as { message: string }).message);

afterEach(() => vi.restoreAllMocks());

describe('/ws/account, its messages', () => {
  it('a socket survives the eviction of its object: same epoch, next number, what was not acknowledged again', async () => {
    const trader = await SignedIn.as();
    const socket = await trader.watchingRisk();
    const [snapshot] = socket.of('snapshot', 'risk');
    await trader.alert('first');
    await socket.wait('update', 'risk');
    await evictDurableObject(trader.account);
    await trader.alert('second');
    await socket.wait('update', 'risk', 3);
    expect(seqsOf(socket, 'update')).toEqual([1, 1, 2]);
    expect(socket.of('reset')).toEqual([]);
    const again = await trader.watchingRisk({ epoch: snapshot?.epoch, seq: 1 });
    await again.wait('update', 'risk');
    expect(seqsOf(again, 'update')).toEqual([2]);
    expect(again.of('reset')).toEqual([]);
    socket.close();
    again.close();
  });

  it('a client that acknowledged gets nothing again after an eviction', async () => {
    const trader = await SignedIn.as();
    const socket = await trader.watchingRisk();
    await trader.alert('first');
    await socket.wait('update', 'risk');
    await acknowledge(socket, 1);
    await evictDurableObject(trader.account);
    await trader.alert('second');
    await socket.wait('update', 'risk', 2);
    expect(seqsOf(socket, 'update')).toEqual([1, 2]);
    socket.close();
  });

  it('number and state are one write: what died before it was announced comes to a resumed client once, in its place', async () => {
    const trader = await SignedIn.as();
    const socket = await trader.watchingRisk();
    const [snapshot] = socket.of('snapshot', 'risk');
    await trader.alert('announced');
    await socket.wait('update', 'risk');
    const send = WebSocket.prototype.send;
    try {
      // Stored, and dead before a byte of it is sent.
      WebSocket.prototype.send = function (data) {
        if (!String(data).startsWith('{"type":"update"')) send.call(this, data);
      };
      await inObject(trader, async (object, state) => {
        await object.notifyRisk(alertOf('stored'));
        await state.storage.sync();
      });
      await inObject(trader, (_object, state) => state.abort('killed by the test')).catch(() => undefined);
    } finally {
      WebSocket.prototype.send = send;
    }
    expect(messagesOf(socket)).toEqual(['announced']);
    const resumed = await trader.watchingRisk({ epoch: snapshot?.epoch, seq: 1 });
    await trader.alert('after');
    await resumed.wait('update', 'risk', 2);
    expect(messagesOf(resumed)).toEqual(['stored', 'after']);
    expect(seqsOf(resumed, 'update')).toEqual([2, 3]);
    expect(resumed.of('reset')).toEqual([]);
    resumed.close();
  });

  it('a change that was taken back is never announced and takes no number', async () => {
    const trader = await SignedIn.as();
    const socket = await trader.watchingRisk();
    await inObject(trader, (object, { storage }) => {
      const transactionSync = storage.transactionSync.bind(storage);
      storage.transactionSync = (body) =>
        transactionSync(() => {
          body();
          throw new Error('the write failed');
        });
      return object
        .notifyRisk(alertOf('taken back'))
        .catch(() => undefined)
        .finally(() => {
          storage.transactionSync = transactionSync;
        });
    });
    await trader.alert('kept');
    await socket.wait('update', 'risk');
    expect(messagesOf(socket)).toEqual(['kept']);
    expect(seqsOf(socket, 'update')).toEqual([1]);
    socket.close();
  });

  it('exactly the ping is answered while the object sleeps; the same with one more byte wakes it', async () => {
    const trader = await SignedIn.as();
    const socket = await trader.watchingRisk();
    await trader.alert('not acknowledged, so that waking shows');
    await socket.wait('update', 'risk');
    await evictDurableObject(trader.account);
    socket.send(pingFrame);
    await socket.wait('pong', undefined);
    await pause(300);
    expect(socket.texts.at(-1)).toBe(pongFrame);
    expect(seqsOf(socket, 'update')).toEqual([1]);
    socket.send('{"op":"ping" }');
    await socket.wait('pong', undefined, 2);
    expect(seqsOf(socket, 'update')).toEqual([1, 1]);
    socket.close();
  });

  it('more than 256 messages behind its acks a client gets one reset, more than 1,024 behind it is closed with 4008', async () => {
    const trader = await SignedIn.as();
    const socket = await trader.watchingRisk();
    const reading = await trader.watchingRisk();
    const { behindResetMessages, behindCloseMessages } = socketBounds;
    const tell = (count: number) =>
      inObject(trader, async (object) => {
        for (let i = 0; i < count; i++) await object.notifyRisk(alertOf('one of many'));
      });
    await tell(behindResetMessages);
    await until('all arrived', () => seqsOf(socket, 'update').length === behindResetMessages);
    await acknowledge(reading, behindResetMessages);
    await tell(1);
    await socket.wait('reset', 'risk');
    expect(seqsOf(socket, 'snapshot')).toEqual([0, behindResetMessages + 1]);
    for (let seq = behindResetMessages + 1; seq < behindCloseMessages; seq += 192) {
      await tell(Math.min(192, behindCloseMessages - seq));
      await acknowledge(reading, Math.min(seq + 192, behindCloseMessages));
    }
    expect([socket.closedWith, socket.of('reset').length]).toEqual([null, 1]);
    await tell(1);
    expect(await socket.closed()).toBe(closeCodes.tooSlow);
    expect(reading.of('reset')).toEqual([]);
    expect(seqsOf(reading, 'update')).toEqual(Array.from({ length: behindCloseMessages + 1 }, (_, index) => index + 1));
    reading.close();
  }, 60_000);
});

describe('/ws/account, who may listen', () => {
  it("another wallet's token opens nothing", async () => {
    const [trader, other] = [await SignedIn.as(), await SignedIn.as()];
    const socket = await ObjectSocket.open(trader.account, 'https://exchange/ws/account');
    socket.send({ op: 'auth', token: await other.token() });
    socket.send({ op: 'subscribe', channels: ['orders'] });
    const [error] = await socket.wait('error', undefined);
    expect(error?.code).toBe('AUTH_007');
    expect(await socket.closed()).toBe(closeCodes.unauthenticated);
    expect(socket.of('snapshot')).toEqual([]);
  });

  it('what happens to one wallet is told to no other', async () => {
    const [trader, other] = [await SignedIn.as(), await SignedIn.as()];
    const [own, foreign] = [await trader.watchingRisk(), await other.watchingRisk()];
    await trader.alert('mine');
    await own.wait('update', 'risk');
    await pause(100);
    expect(foreign.of('update')).toEqual([]);
    own.close();
    foreign.close();
  });

  it('without a token the object closes by itself after 5 s', async () => {
    const account = env.ACCOUNTS.getByName(newWallet().address);
    const openedAt = Date.now();
    const socket = await ObjectSocket.open(account, 'https://exchange/ws/account');
    expect(await socket.closed()).toBe(closeCodes.unauthenticated);
    expect(Date.now() - openedAt).toBeGreaterThanOrEqual(socketBounds.authTimeoutMs - 100);
  });

  it('it has no channels of markets', async () => {
    const socket = await (await SignedIn.as()).socket();
    for (const channel of ['price', 'risk ', 'orders:other']) socket.send({ op: 'subscribe', channels: [channel] });
    await socket.wait('error', undefined, 3);
    expect(socket.of('snapshot')).toEqual([]);
    socket.close();
  });

  it('every channel named is given once, however often it is named', async () => {
    const socket = await (await SignedIn.as()).socket();
    const channels = Array.from({ length: socketBounds.channelsMax }, (_, i) => accountChannels[i % 4]);
    socket.send({ op: 'subscribe', channels });
    socket.send('{"op":"ping" }');
    await socket.wait('pong', undefined);
    expect(socket.of('snapshot').map(({ channel }) => channel)).toEqual([...accountChannels]);
    socket.close();
  });

  it('the expiry of its token ends a socket with 4001; a fresh token on the same socket, in time, lets it go on', async () => {
    const trader = await SignedIn.as();
    // Shorter than the silence that ends a socket.
    const lifeMs = 20_000;
    const [expiring, renewed] = [await trader.socket(lifeMs), await trader.socket(lifeMs)];
    renewed.send({ op: 'subscribe', channels: ['risk'] });
    await renewed.wait('snapshot', 'risk');
    renewed.send({ op: 'auth', token: await trader.token() });
    await renewed.wait('authenticated', undefined, 2);
    putClockAhead(lifeMs + 1_000);
    await runDurableObjectAlarm(trader.account);
    expect(await expiring.closed()).toBe(closeCodes.unauthenticated);
    expect(expiring.of('error').map(({ code }) => code)).toEqual(['AUTH_002']);
    await trader.alert('still listening');
    await renewed.wait('update', 'risk');
    expect(renewed.closedWith).toBeNull();
    renewed.close();
  });

  it('a fresh token that is none ends the socket', async () => {
    const socket = await (await SignedIn.as()).socket();
    socket.send({ op: 'auth', token: 'a.b.c' });
    expect(await socket.closed()).toBe(closeCodes.unauthenticated);
  });

  it('a session that is ended takes its sockets along, also after an eviction, and its token opens no other', async () => {
    const wallet = newWallet();
    const [ended, kept] = [await SignedIn.as(wallet), await SignedIn.as(wallet)];
    const [gone, stays] = [await ended.watchingRisk(), await kept.watchingRisk()];
    await evictDurableObject(ended.account);
    await ended.account.endSession(ended.sessionId);
    expect(await gone.closed()).toBe(closeCodes.unauthenticated);
    expect(gone.of('error').map(({ code }) => code)).toEqual(['AUTH_001']);
    const late = await ObjectSocket.open(ended.account, 'https://exchange/ws/account');
    late.send({ op: 'auth', token: await ended.token() });
    expect(await late.closed()).toBe(closeCodes.unauthenticated);
    await kept.alert('the other session goes on');
    await stays.wait('update', 'risk');
    expect(stays.closedWith).toBeNull();
    stays.close();
  });
});
