import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HttpAnswer, HttpCaller, type HttpTrader, openFunded, signIn } from '#support/http-caller.ts';
import { type RunningWorker, startWorker } from '#support/running-worker.ts';
import { errorResponseSchema } from '#shared/protocol/errors.ts';

let worker: RunningWorker;
let caller: HttpCaller;
let trader: HttpTrader;
let other: HttpTrader;
beforeAll(async () => {
  worker = await startWorker();
  caller = new HttpCaller(worker.url);
  [trader, other] = [await openFunded(caller, 1_000), await openFunded(caller, 1_000)];
});
afterAll(async () => {
  caller?.close();
  await worker?.close();
});

const codeOf = ({ text }: HttpAnswer): string => errorResponseSchema.parse(JSON.parse(text)).code;
const json = { 'content-type': 'application/json' };
const bearer = ({ token }: HttpTrader) => ({
  authorization: `Bearer ${token}`,
  'cf-connecting-ip': caller.newAddress(),
});
const post = (target: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  caller.send({ method: 'POST', target, body, headers: { ...json, ...bearer(trader), ...headers } });
const get = (target: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
  caller.send({ method: 'GET', target, headers: { 'cf-connecting-ip': caller.newAddress(), ...headers } });

/** Writes bytes to the worker as they are and reads what comes until the connection ends or `patienceMs` is over. */
function raw(bytes: string, patienceMs: number, onOpen: (socket: Socket) => void = () => undefined): Promise<string> {
  const { hostname, port } = new URL(worker.url);
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes);
      onOpen(socket);
    });
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(heard);
    };
    const timer = setTimeout(end, patienceMs);
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', end);
    socket.on('close', end);
  });
}

describe('every answer', () => {
  const answers: [string, () => Promise<HttpAnswer>, number][] = [
    ['of success', () => get('/api/market/prices'), 200],
    ['of a private resource', () => get('/api/trading/orders', bearer(trader)), 200],
    ['to nobody', () => get('/api/trading/orders'), 401],
    ['of an unknown path', () => get('/api/nothing'), 404],
    ['of another method', () => caller.send({ method: 'PUT', target: '/api/trading/orders' }), 405],
    ['to a large body', () => post('/api/trading/orders', `{"pad":"${'x'.repeat(66_000)}"}`), 413],
    ['to another content type', () => post('/api/trading/orders', 'a=1', { 'content-type': 'text/plain' }), 415],
    ['to no JSON', () => post('/api/trading/orders', '{'), 400],
    ['to a bad request id', () => get('/health', { 'x-request-id': 'a b' }), 400],
  ];

  it.each(answers)('%s carries the security headers and may be kept by nobody', async (_what, ask, status) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-request-id': expect.stringMatching(/^[\w-]{8,64}$/),
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'strict-transport-security': expect.stringMatching(/max-age=\d{8}/),
    });
    expect(String(answer.headers.vary)).toMatch(/origin/i);
  });

  it('is for one who asks: a cache that ignores no-store still cannot hand a private one to a page of another origin', async () => {
    const evil = await get('/api/trading/orders', { ...bearer(trader), origin: 'https://evil.example' });
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
    expect(evil.headers['access-control-allow-credentials']).toBeUndefined();
  });
});

describe("another trader's", () => {
  it('orders, positions, commands and transactions cannot be read, changed, cancelled or closed: they do not exist for him', async () => {
    const key = `mine-${Date.now()}`;
    const body = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 1, leverage: 5 };
    const placed = await caller.json<{ order_id: string }>('POST', '/api/trading/orders', {
      token: trader.token,
      body,
      headers: { 'idempotency-key': key },
    });
    const resting = await caller.json<{ order_id: string }>('POST', '/api/trading/orders', {
      token: trader.token,
      body: { ...body, order_type: 'limit', price: 10, client_order_id: 'mine-1' },
    });
    expect([placed.status, resting.status]).toEqual([201, 201]);
    const { order_id: order } = resting.body;
    // The API answers after three seconds, filled or not.
    const held = async () => {
      const { body: positions } = await caller.json<{ id: string }[]>('GET', '/api/trading/positions', {
        token: trader.token,
      });
      return positions[0]?.id;
    };
    await expect.poll(held).toBeDefined();
    const position = await held();
    const attempts: [string, string, object | undefined, string][] = [
      ['GET', `/api/trading/orders/${order}`, undefined, 'TRADING_001'],
      ['DELETE', `/api/trading/orders/${order}`, undefined, 'TRADING_001'],
      ['PATCH', `/api/trading/orders/${order}`, { price: 11 }, 'TRADING_001'],
      ['POST', `/api/trading/positions/${position}/close`, {}, 'TRADING_006'],
      ['POST', `/api/trading/positions/${position}/margin`, { amount: 1 }, 'TRADING_006'],
      ['GET', `/api/trading/commands/${key}`, undefined, 'TRADING_022'],
    ];
    for (const [method, target, sent, code] of attempts) {
      const answer = await caller.json(method, target, { token: other.token, body: sent });
      expect([method, target, answer.body.code]).toEqual([method, target, code]);
    }
    for (const list of ['orders', 'positions', 'fills', 'funding', 'liquidations']) {
      const mine = await caller.json<object[]>('GET', `/api/trading/${list}`, { token: other.token });
      expect([list, mine.status, mine.body]).toEqual([list, 200, []]);
    }
    const history = await caller.json('GET', `/api/trading/positions/${position}/history`, { token: other.token });
    expect(history.status === 404 || JSON.stringify(history.body) === '[]').toBe(true);
    const found = await caller.json('GET', '/api/trading/orders?client_order_id=mine-1', { token: other.token });
    expect(found.body).toEqual([]);
    await caller.json('DELETE', '/api/trading/orders', { token: other.token });
    const still = await caller.json('GET', `/api/trading/orders/${order}`, { token: trader.token });
    expect(still.body).toMatchObject({ order_id: order, stage: 'resting' });
  });

  it('page cannot be reached by a forged cursor: it is a place in a list, not a key to it', async () => {
    const forged = [
      '0',
      '-1',
      '999999999999999',
      "1' or '1'='1",
      btoa(JSON.stringify({ user_id: trader.wallet.address })),
    ];
    for (const list of ['orders', 'fills', 'funding', 'liquidations']) {
      for (const cursor of forged) {
        const target = `/api/trading/${list}?cursor=${encodeURIComponent(cursor)}`;
        const answer = await get(target, bearer(other));
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 200) expect(JSON.parse(answer.text)).toEqual([]);
        else expect(codeOf(answer)).toBe('VALIDATION_001');
      }
    }
  });
});

describe('a body', () => {
  it('that was compressed is read as the bytes it is: no bomb unfolds', async () => {
    const bomb = gzipSync(`{"pad":"${'x'.repeat(50_000_000)}"}`);
    expect(bomb.length).toBeLessThan(64 * 1_024);
    const answer = await post('/api/trading/orders', bomb, { 'content-encoding': 'gzip' });
    expect([400, 415]).toContain(answer.status);
    expect(codeOf(answer)).toMatch(/^VALIDATION_/);
  });

  it('of deep nesting, of a prototype, or with a name twice is refused without harm', async () => {
    const bodies = [
      `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
      '{"__proto__":{"symbol":"SOL-PERP","side":"buy","order_type":"market","quantity":1}}',
      '{"constructor":{"prototype":{"isAdmin":true}}}',
      '{"symbol":"SOL-PERP","side":"buy","order_type":"market","quantity":1,"__proto__":{"reduce_only":true}}',
    ];
    for (const body of bodies) {
      const answer = await post('/api/trading/orders', body);
      expect([answer.status, codeOf(answer)]).toEqual([400, expect.stringMatching(/^VALIDATION_00[12]$/)]);
    }
    expect((await get('/api/admin/users', bearer(trader))).status).toBe(403);
  });

  it('with numbers at the ends of what can be written is read exactly or refused', async () => {
    const order = (quantity: string) =>
      post(
        '/api/trading/preview',
        `{"symbol":"SOL-PERP","side":"buy","order_type":"limit","price":100,"leverage":2,"quantity":${quantity}}`,
      );
    const refused = [
      '1e309',
      '-1e309',
      '-0',
      '0',
      '1e-9',
      `0.${'1'.repeat(40)}`,
      '"NaN"',
      '"Infinity"',
      '"0x10"',
      '" 1"',
    ];
    for (const text of [...refused, '"１"', '"1_000"', 'true', '[1]', '{"rawJSON":"1"}', '184467440737.09551616']) {
      const answer = await order(text);
      expect([text, answer.status, codeOf(answer).slice(0, 10)]).toEqual([text, 400, 'VALIDATION']);
    }
    for (const text of ['NaN', 'Infinity', '01', '+1', '.5', '1.', '0x10']) {
      expect([text, codeOf(await order(text))]).toEqual([text, 'VALIDATION_002']);
    }
    const exact: [string, number | string][] = [
      ['1.5e0', 1.5],
      ['15E-1', 1.5],
      ['"1.50000000"', 1.5],
      ['0.00000001e8', 1],
    ];
    for (const [text, value] of exact) {
      const answer = await order(text);
      expect([text, answer.status]).toEqual([text, 200]);
      expect((JSON.parse(answer.text) as { opens: number }).opens).toBe(value);
    }
    const margin = await post(
      '/api/trading/transactions',
      '{"action":"deposit","params":{"amount":9007199254.740993}}',
    );
    expect(JSON.parse(margin.text)).not.toHaveProperty('code', 'SYSTEM_001');
    expect(margin.text.replaceAll(',', '')).toContain('9007199254.740993');
  });
});

describe('a slow or wasteful caller', () => {
  it('whose body trickles keeps no other caller waiting', async () => {
    const head =
      'POST /api/auth/nonce HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n';
    const open = new Set<Socket>();
    const slow = Array.from({ length: 50 }, () =>
      raw(head, 30_000, (socket) => {
        open.add(socket);
        socket.once('close', () => open.delete(socket));
        const drip = setInterval(() => socket.writable && socket.write(' '), 200);
        socket.on('close', () => clearInterval(drip));
        socket.on('error', () => clearInterval(drip));
      }),
    );
    await expect.poll(() => open.size, { timeout: 20_000 }).toBe(slow.length);
    const others = await Promise.all(Array.from({ length: 20 }, () => get('/health')));
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 200));
    expect(open.size).toBe(slow.length);
    for (const socket of open) socket.destroy();
    expect((await Promise.all(slow)).join('')).not.toContain('500');
  });

  it('who floods with headers is refused, and the worker goes on', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `X-Flood-${i}: ${'x'.repeat(100)}\r\n`).join('');
    const heard = await raw(`GET /health HTTP/1.1\r\nHost: x\r\n${many}\r\n`, 5_000);
    expect(heard === '' || /^HTTP\/1\.1 (200|4\d\d|5\d\d)/.test(heard)).toBe(true);
    expect((await get('/health')).status).toBe(200);
  });

  it('who smuggles a second request inside a first gets one answer to each, or none', async () => {
    const both =
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/admin/users HTTP/1.1\r\nHost: x\r\n\r\n';
    const heard = await raw(
      `POST /api/auth/nonce HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${both}`,
      2_000,
    );
    expect(heard).not.toMatch(/HTTP\/1\.1 200/);
    expect((await get('/health')).status).toBe(200);
  });
});

describe('paths and headers', () => {
  it.each([
    '/api/trading/orders/..%2f..%2fadmin%2fusers',
    '/api/trading/orders/%252e%252e%252fadmin',
    '/api/trading/..%2fadmin/users',
    '/api//admin/users',
    '/API/admin/users',
    '/api/admin/users/',
    '/api/admin/users%00',
    '/api/admin;x=1/users',
    '/api/trading/orders/%ff',
    '/api/trading/orders/%',
    '//evil.example/api/config',
  ])('%s is no way around the routes', async (target) => {
    const answer = await get(target, bearer(trader));
    expect([400, 403, 404]).toContain(answer.status);
    expect(['SYSTEM_003', 'VALIDATION_001', 'AUTH_007']).toContain(codeOf(answer));
  });

  it('that ask for another method are not heard: the method of a request is its own', async () => {
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method']) {
      const answer = await get('/api/trading/orders', { ...bearer(other), [name]: 'DELETE' });
      expect([answer.status, JSON.parse(answer.text)]).toEqual([200, []]);
    }
    const form = await post('/api/trading/orders?_method=DELETE', '{}');
    expect(codeOf(form)).toBe('VALIDATION_001');
  });

  it('that name another host or path change nothing in an answer', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example' },
      { 'x-original-url': '/api/admin/users' },
      { 'x-rewrite-url': '/api/admin/users' },
      { forwarded: 'host=evil.example;for=1.1.1.1' },
    ]) {
      const config = await get('/api/config', headers as Record<string, string>);
      expect([config.status, config.text.includes('evil')]).toEqual([200, false]);
      const nonce = await caller.send({
        method: 'POST',
        target: '/api/auth/nonce',
        headers: { ...json, ...headers, 'cf-connecting-ip': caller.newAddress() } as Record<string, string>,
        body: JSON.stringify({ wallet_address: trader.wallet.address }),
      });
      expect([nonce.status, nonce.text.includes('evil')]).toEqual([200, false]);
    }
  });

  it('with a request id of two lines, or any that is not plain, are refused before a log line is written with it', async () => {
    for (const id of ['a\tb-c-d-e-f', '{"level":"error"}', 'x'.repeat(65), 'ÿÿÿÿÿÿÿÿ']) {
      const answer = await get('/health', { 'x-request-id': id });
      expect([answer.status, answer.text.includes(id)]).toEqual([400, false]);
    }
    const split = await raw('GET /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: abcdefgh\r\n evil-line\r\n\r\n', 1_000);
    expect(split).not.toContain('evil-line');
  });
});

describe('text in any parameter', () => {
  const texts = [
    "'; drop table users; --",
    '" or ""="',
    '{"$ne":null}',
    '%27%20or%201=1',
    '\u0000',
    '\\',
    '${7*7}',
    '\ud83d',
  ];

  it('reaches no statement: it is found, not found, or refused by its schema', async () => {
    const { token } = await signIn(caller);
    const targets = (text: string): [string, string, object?][] => {
      const safe = encodeURIComponent(text.toWellFormed());
      return [
        ['GET', `/api/trading/orders?client_order_id=${safe}`],
        ['GET', `/api/trading/orders?symbol=${safe}&status=${safe}`],
        ['GET', `/api/trading/orders/${safe}`],
        ['GET', `/api/trading/commands/${safe}`],
        ['GET', `/api/trading/receipts/${safe}`],
        ['GET', `/api/trading/fills?cursor=${safe}&symbol=${safe}`],
        ['GET', `/api/market/candles?symbol=${safe}&interval=${safe}`],
        ['GET', `/api/portfolio/history?interval=${safe}`],
        ['PATCH', '/api/users/me', { email: text, trading_preferences: { [text]: text } }],
        ['POST', '/api/trading/orders', { symbol: text, side: text, client_order_id: text }],
        ['POST', '/api/trading/transactions', { action: text, params: { symbol: text } }],
        ['POST', '/api/auth/login', { wallet_address: text, message: text, signature: text }],
        ['POST', '/api/auth/refresh', { refresh_token: text }],
      ];
    };
    for (const text of texts) {
      for (const [method, target, body] of targets(text)) {
        const answer = await caller.json(method, target, { token, body });
        expect([method, target, answer.status < 500]).toEqual([method, target, true]);
      }
    }
    const nested = await caller.json('PATCH', '/api/users/me', {
      token,
      body: { trading_preferences: { layout: [{ 'a\u0000': 'b' }] } },
    });
    expect([nested.status, nested.body.code]).toEqual([400, 'VALIDATION_001']);
    await expect.poll(async () => (await get('/ready')).status).toBe(200);
  });
});
