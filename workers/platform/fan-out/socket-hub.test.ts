import { beforeEach, describe, expect, it } from 'vitest';
import {
  accountClientMessageSchema,
  closeCodes,
  marketClientMessageSchema,
  socketBounds,
} from '#shared/protocol/ws.ts';
import { silentLogger } from '../logger.ts';
import { ManualClock } from '../testing.ts';
import { MemoryChannelLog } from './channel-log.ts';
import { hubLimits } from './limits.ts';
import { type AuthAnswer, SocketHub, type SocketHubOptions } from './socket-hub.ts';

interface Frame {
  readonly type: string;
  readonly channel?: string;
  readonly seq?: number;
  readonly prev_seq?: number;
  readonly epoch?: string;
  readonly code?: string;
  readonly data?: unknown;
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

/** One end of a real WebSocket of the platform, and what it received. */
class Client {
  readonly frames: Frame[] = [];
  closedWith: number | null = null;
  readonly server: WebSocket;
  readonly #socket: WebSocket;

  constructor(hub: SocketHub) {
    const { 0: client, 1: server } = new WebSocketPair();
    this.#socket = client;
    this.server = server;
    server.accept();
    client.accept();
    client.addEventListener('message', (event) => this.frames.push(JSON.parse(String(event.data)) as Frame));
    client.addEventListener('close', (event) => {
      this.closedWith = event.code;
    });
    server.addEventListener('message', (event) => void hub.message(server, event.data as string));
    hub.connect(server);
  }

  async send(message: unknown): Promise<void> {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    await settle();
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  seqs(): number[] {
    return this.of('update').map((frame) => frame.seq ?? -1);
  }
}

describe('SocketHub', () => {
  let clock: ManualClock;
  let value: number;
  let ids: number;
  const pings = new Map<unknown, number>();

  const hubWith = (options: Partial<SocketHubOptions> = {}): SocketHub =>
    new SocketHub({
      clock,
      logger: silentLogger,
      log: new MemoryChannelLog('first'),
      platform: { sockets: () => [], lastPingMs: (socket) => pings.get(socket) ?? null },
      schema: marketClientMessageSchema,
      snapshot: () => ({ value }),
      newId: () => `id-${(ids += 1)}`,
      ...options,
    });

  const publish = (hub: SocketHub, count: number): void => {
    for (let i = 0; i < count; i++) hub.publish('price', { value: (value += 1) });
  };

  beforeEach(() => {
    clock = new ManualClock();
    value = 0;
    ids = 0;
    pings.clear();
  });

  it('greets, then gives a snapshot and every update after it, numbered without a gap', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    publish(hub, 2);
    await client.send({ op: 'subscribe', channels: ['price'] });
    publish(hub, 3);
    await settle();
    expect(client.of('hello')[0]).toMatchObject({ version: 1, epoch: 'first', connection_id: 'id-1' });
    expect(client.of('snapshot')).toMatchObject([{ channel: 'price', epoch: 'first', seq: 2, data: { value: 2 } }]);
    expect(client.seqs()).toEqual([3, 4, 5]);
    expect(client.of('update').map((frame) => frame.prev_seq)).toEqual([2, 3, 4]);
  });

  it('a resume inside the window gets exactly the missed updates and no snapshot', async () => {
    const hub = hubWith();
    publish(hub, 10);
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price'], from: { epoch: 'first', seq: 7 } });
    expect(client.seqs()).toEqual([8, 9, 10]);
    expect(client.of('snapshot')).toEqual([]);
    expect(client.of('reset')).toEqual([]);
  });

  it.each([
    ['older than the window', { epoch: 'first', seq: 1 }],
    ['of another epoch', { epoch: 'zeroth', seq: hubLimits.updatesKeptMax }],
    ['ahead of the channel', { epoch: 'first', seq: 9_999 }],
  ])('a resume %s is told so: reset, then a snapshot', async (_name, from) => {
    const hub = hubWith();
    publish(hub, hubLimits.updatesKeptMax * 3);
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price'], from });
    expect(client.frames.map((frame) => frame.type)).toEqual(['hello', 'reset', 'snapshot']);
    expect(client.of('snapshot')[0]?.seq).toBe(hubLimits.updatesKeptMax * 3);
  });

  it('the whole window can be resumed', async () => {
    const hub = hubWith();
    publish(hub, 1_000);
    const client = new Client(hub);
    await client.send({
      op: 'subscribe',
      channels: ['price'],
      from: { epoch: 'first', seq: 1_000 - hubLimits.updatesKeptMax },
    });
    expect(client.of('update')).toHaveLength(hubLimits.updatesKeptMax);
  });

  it('one reset beyond 256 unacknowledged messages, the close 4008 beyond 1,024', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price'] });
    publish(hub, socketBounds.behindResetMessages);
    await settle();
    expect(client.of('reset')).toEqual([]);
    publish(hub, socketBounds.behindCloseMessages - socketBounds.behindResetMessages);
    await settle();
    expect(client.of('reset')).toHaveLength(1);
    expect(client.closedWith).toBeNull();
    publish(hub, 1);
    await settle();
    expect(client.closedWith).toBe(closeCodes.tooSlow);
    expect(hub.size).toBe(0);
  });

  it('a client that acknowledges is never reset, and one that catches up may be reset again', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price'] });
    for (let acked = 100; acked <= 1_000; acked += 100) {
      publish(hub, 100);
      await client.send({ op: 'ack', channel: 'price', seq: acked });
    }
    expect(client.of('reset')).toEqual([]);
    publish(hub, 300);
    await client.send({ op: 'ack', channel: 'price', seq: 1_300 });
    publish(hub, 300);
    await settle();
    expect(client.of('reset')).toHaveLength(2);
    expect(client.closedWith).toBeNull();
  });

  it('an acknowledgement of what was never sent changes nothing', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price'] });
    await client.send({ op: 'ack', channel: 'price', seq: 5_000 });
    expect(client.of('error')[0]?.code).toBe('VALIDATION_001');
    publish(hub, socketBounds.behindCloseMessages + 1);
    await settle();
    expect(client.closedWith).toBe(closeCodes.tooSlow);
  });

  it('30 s without a message or a ping close a socket; a ping the platform answered keeps it', async () => {
    const hub = hubWith();
    const silent = new Client(hub);
    const pinging = new Client(hub);
    clock.advance(socketBounds.silenceMsMax + 1);
    pings.set(pinging.server, clock.nowMs() - 1_000);
    hub.check();
    await settle();
    expect(silent.closedWith).toBe(closeCodes.tooSlow);
    expect(pinging.closedWith).toBeNull();
    expect(hub.size).toBe(1);
  });

  it('what is not of the protocol is named, and ends the connection when it does not stop', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    for (const bad of [
      '{',
      '[]',
      '{"op":"fly"}',
      '{"op":"subscribe","channels":["orders"]}',
      '{"op":"subscribe","channels":[]}',
    ]) {
      await client.send(bad);
    }
    expect(client.of('error').map((frame) => frame.code)).toEqual(Array(5).fill('VALIDATION_001'));
    for (let i = 5; i < hubLimits.badMessagesMax; i++) await client.send('{');
    expect(client.closedWith).toBe(closeCodes.badFrame);
  });

  it('a client faster than its allowance is closed with 4029', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    for (let i = 0; i <= hubLimits.messageBurstMax; i++) void client.send({ op: 'ping' });
    await settle();
    await settle();
    expect(client.closedWith).toBe(closeCodes.tooMany);
  });

  it('an update is serialised once and received by all who subscribed and by nobody else', async () => {
    let serialised = 0;
    const hub = hubWith();
    const clients = Array.from({ length: 20 }, () => new Client(hub));
    for (const client of clients.slice(1)) await client.send({ op: 'subscribe', channels: ['price'] });
    hub.publish('price', { toJSON: () => ((serialised += 1), { value: 7 }) });
    await settle();
    expect(serialised).toBe(1);
    expect(clients.map((client) => client.of('update').length)).toEqual([0, ...Array<number>(19).fill(1)]);
  });

  it('a rolled-back update is never sent, and takes no number', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price'] });
    hub.record('price', { value: 1 });
    await settle();
    expect(client.seqs()).toEqual([]);
    hub.flush();
    await settle();
    expect(client.seqs()).toEqual([1]);
  });

  it('unsubscribing ends the updates', async () => {
    const hub = hubWith();
    const client = new Client(hub);
    await client.send({ op: 'subscribe', channels: ['price', 'stats'] });
    await client.send({ op: 'unsubscribe', channels: ['price'] });
    publish(hub, 1);
    await settle();
    expect(client.of('update')).toEqual([]);
  });

  describe('after eviction', () => {
    it('sockets of a lost window get a reset and a snapshot of the new epoch', async () => {
      const hub = hubWith();
      const client = new Client(hub);
      await client.send({ op: 'subscribe', channels: ['price'] });
      publish(hub, 5);
      await settle();
      const next = hubWith({
        log: new MemoryChannelLog('second'),
        platform: { sockets: () => [client.server], lastPingMs: () => null },
      });
      publish(next, 1);
      await settle();
      const after = client.frames.slice(-3);
      expect(after.map((frame) => frame.type)).toEqual(['reset', 'snapshot', 'update']);
      expect(after[1]).toMatchObject({ epoch: 'second', seq: 0 });
      expect(after[2]).toMatchObject({ seq: 1, prev_seq: 0 });
    });

    it('sockets of a kept window get again what they have not acknowledged', async () => {
      const log = new MemoryChannelLog('kept');
      const hub = hubWith({ log });
      const client = new Client(hub);
      await client.send({ op: 'subscribe', channels: ['price'] });
      publish(hub, 5);
      await client.send({ op: 'ack', channel: 'price', seq: 3 });
      const before = client.frames.length;
      hubWith({ log, platform: { sockets: () => [client.server], lastPingMs: () => null } });
      await settle();
      expect(client.frames.slice(before).map((frame) => frame.seq)).toEqual([4, 5]);
    });

    it('a socket that was closed does not come back', async () => {
      const hub = hubWith();
      const client = new Client(hub);
      clock.advance(socketBounds.silenceMsMax + 1);
      hub.check();
      const next = hubWith({ platform: { sockets: () => [client.server], lastPingMs: () => null } });
      expect(next.size).toBe(0);
    });
  });

  describe('with sign-in', () => {
    const privateHub = (answer: (token: string) => Promise<AuthAnswer>): SocketHub =>
      hubWith({ schema: accountClientMessageSchema, authenticate: answer });
    const accepted = (): Promise<AuthAnswer> =>
      Promise.resolve({ ok: true, walletAddress: 'wallet', sessionId: 'session', expiresAtMs: clock.nowMs() + 60_000 });

    it('nothing is given before a valid token', async () => {
      const client = new Client(privateHub(accepted));
      await client.send({ op: 'subscribe', channels: ['orders'] });
      expect(client.of('error')[0]?.code).toBe('AUTH_001');
      expect(client.of('snapshot')).toEqual([]);
    });

    it('a subscription sent right behind the token waits for its check', async () => {
      const client = new Client(privateHub(() => new Promise((resolve) => setTimeout(() => resolve(accepted()), 20))));
      void client.send({ op: 'auth', token: 'good' });
      await client.send({ op: 'subscribe', channels: ['orders'] });
      await new Promise((resolve) => setTimeout(resolve, 40));
      expect(client.frames.map((frame) => frame.type)).toEqual(['hello', 'authenticated', 'snapshot']);
    });

    it('a wrong token closes with 4001', async () => {
      const client = new Client(privateHub(() => Promise.resolve({ ok: false, code: 'AUTH_001', message: 'no' })));
      await client.send({ op: 'auth', token: 'bad' });
      expect(client.of('error')[0]?.code).toBe('AUTH_001');
      expect(client.closedWith).toBe(closeCodes.unauthenticated);
    });

    it('no token within 5 s, or one that expired, closes with 4001', async () => {
      const hub = privateHub(accepted);
      const late = new Client(hub);
      const signedIn = new Client(hub);
      await signedIn.send({ op: 'auth', token: 'good' });
      expect(hub.nextCheckMs()).toBe(clock.nowMs() + socketBounds.authTimeoutMs);
      clock.advance(socketBounds.authTimeoutMs);
      hub.check();
      await settle();
      expect(late.closedWith).toBe(closeCodes.unauthenticated);
      expect(signedIn.closedWith).toBeNull();
      for (let i = 0; i < 6; i++) {
        clock.advance(9_500);
        await signedIn.send({ op: 'ping' });
      }
      hub.check();
      await settle();
      expect(signedIn.of('error')[0]?.code).toBe('AUTH_002');
      expect(signedIn.closedWith).toBe(closeCodes.unauthenticated);
    });
  });
});
