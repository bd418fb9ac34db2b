import { createClient } from '#sdk/index.ts';
import bs58 from 'bs58';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { SessionMemory, StoredSession } from './session-memory.ts';
import { SignInSuperseded, createSession } from './session.ts';
import type { DeskWallet } from './wallet/types.ts';

const [alice, bob] = ['7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE', '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU'];
const minuteMs = 60_000;

/** A server of the sign-in protocol: refresh tokens are taken once, and one that comes twice ends its session. */
let server: Server;
let requests: string[];
/** Access token → wallet, of sessions that stand. */
let standing: Map<string, string>;
/** Held back until released. */
let gate: { readonly path: string; readonly open: Promise<void> } | undefined;
let accessLifeMs: number;
let issued: number;

const user = (wallet: string) => ({
  id: '7d444840-9dc0-41d1-b245-5ffdce74fad2',
  wallet_address: wallet,
  email: null,
  created_at: new Date(0).toISOString(),
  last_login: null,
  kyc_status: 'pending',
  risk_level: 'moderate',
  trading_preferences: {},
});
function grant(wallet: string) {
  issued += 1;
  standing.set(`access-${issued}`, wallet);
  return {
    token: `access-${issued}`,
    user: user(wallet),
    expires_at: new Date(Date.now() + accessLifeMs).toISOString(),
    refresh_token: `refresh-${issued}`,
    refresh_expires_at: new Date(Date.now() + 60 * minuteMs).toISOString(),
  };
}
/** What the site says of itself in the texts it has signed. */
let domain: string;
const textFor = (address: string, nonce: string, expiresAt: string): string =>
  [
    `${domain} wants you to sign in with your Solana account:`,
    address,
    '',
    'Sign in to QuantDesk. This costs nothing and moves nothing.',
    '',
    `URI: https://${domain}`,
    'Version: 1',
    'Chain ID: solana:devnet',
    `Nonce: ${nonce}`,
    `Issued At: ${expiresAt}`,
    `Expiration Time: ${expiresAt}`,
  ].join('\n');
const refusal = (code: string) => ({ error: 'AuthenticationError', code, message: 'why', retryable: false });

function answerTo(path: string, body: Record<string, string>, token: string): [number, unknown] {
  switch (path) {
    case '/api/auth/nonce': {
      const [expires_at, nonce] = [
        new Date(Date.now() + 5 * minuteMs).toISOString(),
        `nonceText${'x'.repeat(++issued)}`,
      ];
      return [200, { message: textFor(body.wallet_address ?? '', nonce, expires_at), nonce, expires_at }];
    }
    case '/api/auth/login':
      return [200, grant(body.wallet_address ?? '')];
    case '/api/auth/refresh': {
      const access = (body.refresh_token ?? '').replace('refresh', 'access');
      const wallet = standing.get(access);
      standing.delete(access);
      return wallet === undefined ? [401, refusal('AUTH_006')] : [200, grant(wallet)];
    }
    case '/api/auth/logout':
      return standing.delete(token) ? [204, undefined] : [401, refusal('AUTH_010')];
    default:
      return standing.has(token) ? [200, []] : [401, refusal('AUTH_010')];
  }
}

beforeEach(async () => {
  [requests, standing, gate, accessLifeMs, issued] = [[], new Map(), undefined, 15 * minuteMs, 0];
  domain = 'desk.example';
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      requests.push(path);
      const answer = () => {
        const token = (request.headers.authorization ?? '').replace('Bearer ', '');
        const [status, body] = answerTo(path, text === '' ? {} : (JSON.parse(text) as Record<string, string>), token);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      };
      void (gate?.path === path ? gate.open : Promise.resolve()).then(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const connect = (options: object) =>
  createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...options });

/** A memory that several tabs share, with the lock that a browser gives them. */
function sharedMemory(): SessionMemory {
  let kept: StoredSession | undefined;
  let endedOf: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: () => kept,
    ended: () => endedOf,
    write: (session, ended) => void ([kept, endedOf] = [session, ended]),
    alone: <Result>(run: () => Promise<Result>) => {
      const mine = last.then(run, run);
      last = mine;
      return mine;
    },
  };
}

function openTab(memory: SessionMemory) {
  const replacedBy: (string | undefined)[] = [];
  const session = createSession({
    connect,
    memory,
    site: { chain: 'solana:devnet', pageHost: 'desk.example', signInDomain: undefined },
    onReplaced: (next) => replacedBy.push(next?.address),
  });
  return { session, replacedBy };
}

const wallet = (address: string, signIn: () => Promise<void> = () => Promise.resolve()): DeskWallet => ({
  kind: 'standard',
  name: 'Wallet',
  address,
  icon: undefined,
  signIn: async (message) => {
    await signIn();
    return { message, signature: bs58.decode('1'.repeat(64)) };
  },
  signTransaction: (transaction) => Promise.resolve(transaction),
  disconnect: () => Promise.resolve(),
});

/** Holds a request back until it is released. */
function holdBack(path: string): () => void {
  let release = () => undefined as void;
  gate = { path, open: new Promise((open) => (release = open)) };
  return () => {
    gate = undefined;
    release();
  };
}
const asked = (path: string) => expect.poll(() => requests.includes(path), { timeout: 10_000 }).toBe(true);
const addressOf = (token: string | undefined) => standing.get(token ?? '');

test('signing in keeps the session, and a second tab of the browser has it too', async () => {
  const memory = sharedMemory();
  const { session } = openTab(memory);
  await session.signIn(wallet(alice));
  expect(session.address()).toBe(alice);
  expect(openTab(memory).session.address()).toBe(alice);
});

test('a wallet that is signed in is not asked again', async () => {
  const { session } = openTab(sharedMemory());
  let asks = 0;
  const mine = wallet(alice, () => Promise.resolve(void (asks += 1)));
  await session.signIn(mine);
  await session.signIn(mine);
  expect(asks).toBe(1);
});

test('a text of another site is shown to no wallet', async () => {
  domain = 'other.example';
  const { session } = openTab(sharedMemory());
  let asks = 0;
  const mine = wallet(alice, () => Promise.resolve(void (asks += 1)));
  await expect(session.signIn(mine)).rejects.toThrow('not the one of this site');
  expect([asks, session.address()]).toEqual([0, undefined]);
});

test('leaving while a renewal is under way stays left, and no token of it stands', async () => {
  accessLifeMs = 1_000;
  const { session } = openTab(sharedMemory());
  await session.signIn(wallet(alice));
  const release = holdBack('/api/auth/refresh');
  const renewed = session.refresh();
  await asked('/api/auth/refresh');
  const left = session.signOut();
  expect(session.address()).toBeUndefined();
  release();
  expect(await renewed).toBe(false);
  await left;
  expect(session.address()).toBeUndefined();
  await expect.poll(() => standing.size, { timeout: 10_000 }).toBe(0);
});

test("a renewal of the wallet before never becomes the session of the wallet that came after, nor does it take that one's place", async () => {
  const { session } = openTab(sharedMemory());
  await session.signIn(wallet(alice));
  const release = holdBack('/api/auth/refresh');
  const renewed = session.refresh();
  await asked('/api/auth/refresh');
  void session.signOut();
  await session.signIn(wallet(bob));
  release();
  await renewed;
  expect(session.address()).toBe(bob);
  expect(addressOf(session.accessToken())).toBe(bob);
});

test('a wallet that signs after another one came in changes nothing, and what it signed is ended', async () => {
  const { session } = openTab(sharedMemory());
  let sign = () => undefined as void;
  const slow = session.signIn(wallet(alice, () => new Promise((signed) => (sign = signed))));
  await asked('/api/auth/nonce');
  await session.signIn(wallet(bob));
  sign();
  await expect(slow).rejects.toThrow(SignInSuperseded);
  expect(session.address()).toBe(bob);
  expect([...standing.values()]).toEqual([bob]);
});

test('a login that is answered after leaving signs nobody in, and its token is ended', async () => {
  const { session } = openTab(sharedMemory());
  const release = holdBack('/api/auth/login');
  const entering = session.signIn(wallet(alice));
  await asked('/api/auth/login');
  await session.signOut();
  release();
  await expect(entering).rejects.toThrow(SignInSuperseded);
  expect(session.address()).toBeUndefined();
  await expect.poll(() => standing.size, { timeout: 10_000 }).toBe(0);
});

test('two tabs that renew at once send one refresh token once, and both have the new token', async () => {
  accessLifeMs = 1_000;
  const memory = sharedMemory();
  const first = openTab(memory).session;
  await first.signIn(wallet(alice));
  const second = openTab(memory).session;
  accessLifeMs = 15 * minuteMs;
  const [one, two] = await Promise.all([first.freshToken(), second.freshToken()]);
  expect(requests.filter((path) => path === '/api/auth/refresh')).toHaveLength(1);
  expect(one).toBe(two);
  expect(addressOf(one)).toBe(alice);
});

test('signing out in one tab signs out the other', async () => {
  const memory = sharedMemory();
  const first = openTab(memory);
  await first.session.signIn(wallet(alice));
  const second = openTab(memory);
  await first.session.signOut();
  second.session.follow();
  expect(second.session.address()).toBeUndefined();
  expect(second.replacedBy).toEqual([undefined]);
});

test('a tab follows a sign-in of another tab wholly: what it waited for with its own wallet is void', async () => {
  const memory = sharedMemory();
  const [first, second] = [openTab(memory), openTab(memory)];
  let sign = () => undefined as void;
  const slow = second.session.signIn(wallet(alice, () => new Promise((signed) => (sign = signed))));
  await asked('/api/auth/nonce');
  await first.session.signIn(wallet(bob));
  second.session.follow();
  sign();
  await expect(slow).rejects.toThrow(SignInSuperseded);
  expect(second.replacedBy).toEqual([bob]);
  expect(addressOf(second.session.accessToken())).toBe(bob);
  expect(memory.read()?.address).toBe(bob);
});

test('a tab that has not heard of the new sign-in does not end it when its own old session is refused', async () => {
  const memory = sharedMemory();
  const [first, second] = [openTab(memory).session, openTab(memory)];
  await first.signIn(wallet(alice));
  second.session.follow();
  await first.signIn(wallet(bob));
  second.session.learnEnd(second.session.accessToken() ?? '');
  expect(memory.read()?.address).toBe(bob);
  expect(second.session.address()).toBe(bob);
  expect(second.session.ended()).toBeUndefined();
});

test('a session that was ended elsewhere is known to be ended, and by whom it was', async () => {
  accessLifeMs = 1_000;
  const { session } = openTab(sharedMemory());
  await session.signIn(wallet(alice));
  standing.clear();
  expect(await session.freshToken()).toBeUndefined();
  expect(session.address()).toBeUndefined();
  expect(session.ended()).toBe(alice);
});

test('a session that one tab finds ended is ended in the others too, not left', async () => {
  accessLifeMs = 1_000;
  const memory = sharedMemory();
  const first = openTab(memory).session;
  await first.signIn(wallet(alice));
  const second = openTab(memory);
  standing.clear();
  await first.freshToken();
  second.session.follow();
  expect([second.session.address(), second.session.ended()]).toEqual([undefined, alice]);
  expect(second.replacedBy).toEqual([]);
});

test('a command that is refused because its session was ended ends that session here, and no later one', async () => {
  const { session } = openTab(sharedMemory());
  const client = connect({ accessToken: session.accessToken, onSessionEnded: session.learnEnd });
  await session.signIn(wallet(alice));
  const old = session.accessToken() ?? '';
  standing.clear();
  await expect(client.auth.sessions()).rejects.toMatchObject({ code: 'AUTH_010' });
  expect(session.ended()).toBe(alice);
  await session.signIn(wallet(bob));
  session.learnEnd(old);
  expect([session.address(), session.ended()]).toEqual([bob, undefined]);
});

test('out of reach is not ended: the session stays', async () => {
  accessLifeMs = 1_000;
  const { session } = openTab(sharedMemory());
  await session.signIn(wallet(alice));
  server.closeAllConnections();
  server.close();
  expect(await session.freshToken()).toBeUndefined();
  expect([session.address(), session.ended()]).toEqual([alice, undefined]);
});
