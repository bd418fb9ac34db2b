import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { closeCodes, pingFrame, pongFrame, socketBounds } from '#shared/protocol/ws.ts';
import { issueAccessToken } from '../../../workers/account/access-token.ts';
import { createApp } from '../../../workers/api/app.ts';
import { type WaitingPlace, waitingSocketsMax, WaitingSockets } from '../../../workers/api/waiting-sockets.ts';
import { clientAddressHeader, socketsPerAddressHeader } from '../../../workers/platform/client-address.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { until } from '../market/hermes-control.ts';
import { call, newWallet, origin, settings, signIn } from './caller.ts';

interface Frame {
  readonly type: string;
  readonly channel?: string;
  readonly code?: string;
  readonly wallet_address?: string;
}

/** A caller's end of a socket, and everything it was sent. */
class Caller {
  readonly frames: Frame[] = [];
  closed: number | null = null;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
    });
    socket.addEventListener('close', ({ code }) => {
      this.closed = code;
    });
    socket.accept();
  }

  static async open(path: string, headers: Record<string, string> = {}): Promise<Caller> {
    return Caller.of(await upgrade(path, headers));
  }

  static async of(response: Response): Promise<Caller> {
    if (response.webSocket === null) throw new Error(`no socket: ${response.status} ${await response.text()}`);
    return new Caller(response.webSocket);
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  close(): void {
    this.#socket.close(1000, 'done');
  }

  received(type: string): Promise<Frame> {
    return until(`a frame ${type}`, () => this.frames.find((frame) => frame.type === type));
  }

  ended(): Promise<number> {
    return until('the socket is closed', () => this.closed);
  }
}

const upgrade = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  exports.default.fetch(`${origin}${path}`, { headers: { upgrade: 'websocket', ...headers } });

describe('the account socket', () => {
  let token: string;
  let address: string;
  beforeAll(async () => {
    const session = await signIn();
    token = session.token;
    address = session.wallet.address;
  });

  it('serves whoever the token of its first message names, and keeps the order of what follows', async () => {
    const caller = await Caller.open('/ws/account');
    caller.send({ op: 'auth', token });
    caller.send({ op: 'subscribe', channels: ['orders', 'balance'] });
    expect(await caller.received('authenticated')).toMatchObject({ wallet_address: address });
    await until('both snapshots', () => caller.frames.filter(({ type }) => type === 'snapshot').length === 2);
    expect(caller.frames.map(({ type }) => type).slice(0, 2)).toEqual(['hello', 'authenticated']);
    caller.send(pingFrame);
    await caller.received((JSON.parse(pongFrame) as Frame).type);
    caller.close();
  });

  it.each([
    ['a forged token', () => ({ op: 'auth', token: 'a.b.c' }), 'AUTH_001'],
    ['another message than auth', () => ({ op: 'subscribe', channels: ['orders'] }), 'AUTH_001'],
    ['what is not JSON', () => '{', 'AUTH_001'],
  ])('closes with 4001 after %s', async (_what, message, code) => {
    const caller = await Caller.open('/ws/account');
    caller.send(message());
    expect(await caller.ended()).toBe(closeCodes.unauthenticated);
    expect(caller.frames).toMatchObject([{ type: 'error', code }]);
  });

  it('says of an expired token that it expired, so that the client refreshes it', async () => {
    const { address: wallet } = newWallet();
    const session = { userId: userIdOf(wallet), wallet, sessionId: 's', role: 'user' as const };
    const expired = await issueAccessToken(settings(), session, Date.now() - 16 * 60_000);
    const caller = await Caller.open('/ws/account');
    caller.send({ op: 'auth', token: expired.token });
    expect(await caller.ended()).toBe(closeCodes.unauthenticated);
    expect(caller.frames).toMatchObject([{ type: 'error', code: 'AUTH_002' }]);
  });

  it('closes with 4001 when nothing comes in five seconds, pings aside', async () => {
    const caller = await Caller.open('/ws/account');
    caller.send(pingFrame);
    await caller.received('pong');
    expect(await caller.ended()).toBe(closeCodes.unauthenticated);
  });

  it('closes when a message is too large', async () => {
    const caller = await Caller.open('/ws/account');
    caller.send(`{"op":"auth","token":"${'x'.repeat(9_000)}"}`);
    expect(await caller.ended()).toBe(closeCodes.badFrame);
  });
});

describe('an upgrade', () => {
  it('from a page of another origin is refused; programs without an origin are not', async () => {
    for (const path of ['/ws/account', '/ws/market/SOL-PERP']) {
      const refused = await upgrade(path, { origin: 'https://evil.example' });
      expect([refused.status, (await refused.json<{ code: string }>()).code]).toEqual([403, 'AUTH_007']);
      const [allowed = ''] = settings().ALLOWED_ORIGINS;
      const caller = await Caller.open(path, { origin: allowed });
      caller.close();
    }
  });

  it('to an unknown market, or that is none, is refused', async () => {
    const unknown = await upgrade('/ws/market/DOGE-PERP');
    expect([unknown.status, (await unknown.json<{ code: string }>()).code]).toEqual([404, 'MARKET_001']);
    expect((await call('GET', '/ws/market/SOL-PERP')).body.code).toBe('VALIDATION_001');
    expect((await call('GET', '/ws/account')).body.code).toBe('VALIDATION_001');
  });
});

/** A place that was given. */
function placeOf(entered: ReturnType<WaitingSockets['enter']>): WaitingPlace {
  return typeof entered === 'string' ? expect.fail(`refused: ${entered}`) : entered;
}

describe('sockets of one address', () => {
  const open = (address: string) =>
    env.MARKETS.getByName('ETH-PERP').fetch(`${origin}/ws/market/ETH-PERP`, {
      headers: { upgrade: 'websocket', [clientAddressHeader]: address, [socketsPerAddressHeader]: '2' },
    });

  it('are counted: one more than allowed is refused, until one closes; other addresses are not concerned', async () => {
    const first = await open('203.0.113.1');
    first.webSocket?.accept();
    (await open('203.0.113.1')).webSocket?.accept();
    expect((await open('203.0.113.1')).status).toBe(429);
    expect((await open('203.0.113.2')).status).toBe(101);
    first.webSocket?.close(1000, 'done');
    await until('there is room again', async () => (await open('203.0.113.1')).status === 101);
  });

  it('that have shown no token yet are counted too: a newcomer behind an address whose waiting places are all taken by mute sockets is let in, and the oldest mute one is closed', async () => {
    const app = createApp();
    const limited = { ...env, SOCKETS_PER_IP_MAX: '3' } as typeof env;
    const from = async (address: string): Promise<Response> =>
      app.request(`${origin}/ws/account`, { headers: { upgrade: 'websocket', 'cf-connecting-ip': address } }, limited);
    const { token } = await signIn();
    const mute: Caller[] = [];
    for (let i = 0; i < 3; i++) mute.push(await Caller.of(await from('2001:db8::1')));
    const elsewhere = await Caller.of(await from('2001:db8:0:1::1'));
    const newcomer = await Caller.of(await from('2001:db8::2'));
    newcomer.send({ op: 'auth', token });
    await newcomer.received('authenticated');
    const [oldest = expect.fail(), ...younger] = mute;
    expect(await oldest.ended()).toBe(closeCodes.tooMany);
    expect(oldest.frames).toMatchObject([{ type: 'error', code: 'RATE_001' }]);

    // Who is served has left his place: the next one takes nobody's.
    const next = await Caller.of(await from('2001:db8::3'));
    next.send(pingFrame);
    await next.received('pong');
    // Nobody made them leave: their own time is what ends the others.
    for (const caller of [...younger, elsewhere]) expect(await caller.ended()).toBe(closeCodes.unauthenticated);
    newcomer.close();
    next.close();
  });

  it('who have shown a valid token keep their places: a newcomer is refused where nobody is mute', async () => {
    const waiting = new WaitingSockets(new ManualClock());
    const [first, second] = [placeOf(waiting.enter('203.0.113.1', 2)), placeOf(waiting.enter('203.0.113.1', 2))];
    first.keep();
    const third = placeOf(waiting.enter('203.0.113.1', 2));
    await second.taken;
    second.keep();
    third.keep();
    expect(waiting.enter('203.0.113.1', 2)).toBe('address-full');
    first.leave();
    first.leave();
    placeOf(waiting.enter('203.0.113.1', 2));
  });

  it('that wait have a bound over all addresses: the oldest of the address that has most makes room', async () => {
    const waiting = new WaitingSockets(new ManualClock());
    const ofAddress = (i: number): WaitingPlace => placeOf(waiting.enter(`203.0.${i >> 8}.${i & 255}`, 2));
    const single = ofAddress(0);
    const crowd = [ofAddress(1), ofAddress(1)];
    const others = Array.from({ length: waitingSocketsMax - 3 }, (_, i) => ofAddress(i + 2));
    const taken: string[] = [];
    void single.taken.then(() => taken.push('single'));
    crowd.forEach((place, i) => void place.taken.then(() => taken.push(`crowd ${i}`)));
    ofAddress(6_000);
    await crowd[0]?.taken;
    expect(taken).toEqual(['crowd 0']);
    for (const place of [single, ...crowd, ...others]) place.keep();
    ofAddress(6_001).keep();
    expect(waiting.enter('198.51.100.1', 2)).toBe('full');
  });

  it('whose end nobody heard are forgotten', () => {
    const clock = new ManualClock();
    const waiting = new WaitingSockets(clock);
    placeOf(waiting.enter('203.0.113.1', 1)).keep();
    expect(waiting.enter('203.0.113.1', 1)).toBe('address-full');
    clock.advance(2 * socketBounds.authTimeoutMs);
    placeOf(waiting.enter('203.0.113.1', 1));
  });

  it('cannot lift their limit by sending our headers themselves', async () => {
    const headers = {
      'cf-connecting-ip': '203.0.113.9',
      [clientAddressHeader]: '198.51.100.1',
      [socketsPerAddressHeader]: '0',
    };
    const response = await upgrade('/ws/market/ETH-PERP', headers);
    expect(response.status).toBe(101);
    response.webSocket?.accept();
    response.webSocket?.close(1000, 'done');
  });
});
