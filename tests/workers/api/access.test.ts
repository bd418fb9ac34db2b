import { beforeAll, describe, expect, it } from 'vitest';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { SessionDto } from '#shared/protocol/auth.ts';
import { operations } from '../../../workers/api/routes/index.ts';
import { until } from '../market/hermes-control.ts';
import { ask } from './assistant.ts';
import { call, newWallet } from './caller.ts';
import { Operator } from './operator.ts';
import { ApiTrader, type Plain } from './trader.ts';

/** What anybody may ask, by name: a new operation is a trader's or the operators' unless it is added here. */
const open: readonly string[] = [
  'POST /api/auth/nonce',
  'POST /api/auth/login',
  'POST /api/auth/refresh',
  'GET /api/config',
  'GET /api/market/markets',
  'GET /api/market/prices',
  'GET /api/market/candles',
  'GET /api/market/stats',
  'GET /api/market/oracle',
  'GET /api/pool',
  'GET /api/pool/history',
  'GET /api/risk/liquidatable',
  'GET /api/ai/track-record',
  'POST /api/dev/faucet',
  'GET /health',
  'GET /ready',
];

const keyOf = ({ method, path }: { readonly method: string; readonly path: string }): string => `${method} ${path}`;
const closed = operations.filter(({ auth }) => auth !== 'none');
const admin = operations.filter(({ auth }) => auth === 'admin');
const withToken = (token: string, { method, path }: (typeof operations)[number], headers = {}) =>
  call(method, path.replaceAll(/\{\w+\}/g, 'x'), { token, headers, ...(method === 'GET' ? {} : { body: {} }) });

// The first request loads the worker, which takes longer than a test may.
beforeAll(async () => {
  await call('GET', '/health');
});

describe('every operation', () => {
  it('is closed to the public, but for those that are named here', () => {
    expect(operations.filter(({ auth }) => auth === 'none').map(keyOf)).toEqual(
      operations.map(keyOf).filter((key) => open.includes(key)),
    );
    for (const key of open) expect(operations.map(keyOf)).toContain(key);
  });

  it('under /api/admin is the operators’, each change with a fresh signature', () => {
    const under = operations.filter(({ path }) => path.startsWith('/api/admin/'));
    expect(under).toEqual(admin);
    // Building a transaction changes nothing: the wallet's signature under it is its confirmation.
    const changes = admin.filter(({ method }) => method !== 'GET').filter(({ stepUp }) => stepUp !== true);
    expect(changes.map(keyOf)).toEqual(['POST /api/admin/transactions']);
  });

  it.each(closed.map((operation) => [keyOf(operation), operation] as const))(
    '%s answers 401 without a token, and with one that is none of ours',
    async (_key, { method, path }) => {
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      for (const headers of [{}, { authorization: 'Bearer a.b.c' }, { authorization: 'Basic YTpi' }]) {
        const { status, body } = await call(method, url, { headers });
        expect([status, body.code]).toEqual([401, 'AUTH_001']);
      }
    },
  );
});

describe('an operation of the operators', () => {
  let user: Operator;
  let operator: Operator;
  beforeAll(async () => {
    [user, operator] = await Promise.all([Operator.signedIn(newWallet()), Operator.signedIn()]);
  });

  it.each(admin.map((operation) => [keyOf(operation), operation] as const))(
    '%s answers 403 to a trader',
    async (_key, operation) => {
      const { status, body } = await withToken(user.token, operation);
      expect([status, body.code]).toEqual([403, 'AUTH_007']);
    },
  );

  it.each(admin.map((operation) => [keyOf(operation), operation] as const))(
    '%s answers 401 to a session that an operator ended',
    async (_key, operation) => {
      const ended = await Operator.signedIn();
      await ended.call('POST', '/api/auth/logout');
      const { status, body } = await withToken(ended.token, operation);
      expect([status, body.code]).toEqual([401, 'AUTH_010']);
    },
  );

  it('is nothing for an API session of an operator’s wallet', async () => {
    const created = await operator.confirmed<{ token: string }>('POST', '/api/auth/sessions', { name: 'bot' });
    const { status, body } = await call('GET', '/api/admin/users', { token: created.body.token });
    expect([status, body.code]).toEqual([403, 'AUTH_007']);
  });
});

describe('what belongs to a trader', () => {
  const idempotencyKey = crypto.randomUUID();
  let stranger: ApiTrader;
  let owner: ApiTrader;
  let resting: Plain<OrderDto>;
  let positionId: string;
  let sessionId: string;
  let conversationId: string;

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([ApiTrader.open(500), ApiTrader.open(500)]);
    await owner.place({ quantity: 0.5 }, idempotencyKey);
    resting = (await owner.place({ order_type: 'limit', price: 1, quantity: 20 })).body;
    positionId = await until('the position is known', async () => {
      const { body } = await owner.call<{ id: string }[]>('GET', '/api/trading/positions');
      return body[0]?.id;
    });
    sessionId = (await owner.call<SessionDto[]>('GET', '/api/auth/sessions')).body[0]?.id ?? expect.fail();
    conversationId = String((await ask(owner.token, { message: 'my account' })).start['conversation_id']);
    await until('its history is written', async () => {
      const { status } = await owner.call('GET', `/api/trading/positions/${positionId}/history`);
      return status === 200;
    });
  });

  /** The owner's ids and a body that fits, by operation; every operation of a trader with parameters in its path must be here. */
  const attempts: Readonly<Record<string, () => readonly [path: string, body?: object]>> = {
    'DELETE /api/auth/sessions/{id}': () => [`/api/auth/sessions/${sessionId}`],
    'GET /api/ai/conversations/{id}': () => [`/api/ai/conversations/${conversationId}`],
    'DELETE /api/ai/conversations/{id}': () => [`/api/ai/conversations/${conversationId}`],
    'GET /api/trading/orders/{id}': () => [`/api/trading/orders/${resting.order_id}`],
    'PATCH /api/trading/orders/{id}': () => [`/api/trading/orders/${resting.order_id}`, { price: 2 }],
    'DELETE /api/trading/orders/{id}': () => [`/api/trading/orders/${resting.order_id}`],
    'GET /api/trading/commands/{idempotency_key}': () => [`/api/trading/commands/${idempotencyKey}`],
    'GET /api/trading/positions/costs': () => ['/api/trading/positions/costs'],
    'GET /api/trading/positions/{id}/history': () => [`/api/trading/positions/${positionId}/history`],
    'POST /api/trading/positions/{id}/margin': () => [`/api/trading/positions/${positionId}/margin`, { amount: 1 }],
    'POST /api/trading/positions/{id}/close': () => [`/api/trading/positions/${positionId}/close`, {}],
    'POST /api/trading/positions/{id}/exits': () => [`/api/trading/positions/${positionId}/exits`, { stop_loss: 1 }],
  };
  /** The events of any transaction, as the chain shows them to everybody. */
  const shared = ['GET /api/trading/receipts/{signature}'];
  const named = operations
    .filter(({ auth, path }) => auth === 'bearer' && path.includes('{'))
    .filter((operation) => !shared.includes(keyOf(operation)));

  it.each(named.map((operation) => [keyOf(operation), operation] as const))(
    'is unknown to everybody else: %s with the ids of another trader answers 404',
    async (key, { method }) => {
      const [path, body] = attempts[key]?.() ?? expect.fail(`${key} is not attempted here`);
      const options = body === undefined ? {} : { body };
      const { status } = await stranger.call(method, path, options);
      expect(status).toBe(404);
    },
  );

  it('is in no list of anybody else', async () => {
    const lists = operations.filter(
      ({ auth, method, path }) => auth === 'bearer' && method === 'GET' && !path.includes('{'),
    );
    expect(lists.length).toBeGreaterThan(10);
    for (const { path, query } of lists) {
      const filter = query !== undefined && 'symbol' in query.shape ? '?symbol=SOL-PERP' : '';
      const response = await stranger.call<unknown>('GET', `${path}${filter}`, {}).catch((error: unknown) => {
        // A list of text, as the export.
        expect(error).toBeInstanceOf(SyntaxError);
        return { body: '' };
      });
      const text = JSON.stringify(response.body);
      for (const secret of [owner.address, resting.order_id, positionId, sessionId, conversationId, idempotencyKey])
        expect(`${path}: ${text}`).not.toContain(secret);
    }
  });

  it('is as it was after all of these attempts', async () => {
    const order = await owner.expect<Plain<OrderDto>>(200, 'GET', `/api/trading/orders/${resting.order_id}`);
    expect(order).toMatchObject({ stage: 'resting', price: 1 });
    const positions = await owner.expect<{ id: string }[]>(200, 'GET', '/api/trading/positions');
    expect(positions.map(({ id }) => id)).toEqual([positionId]);
    await owner.expect(200, 'GET', `/api/ai/conversations/${conversationId}`);
  });
});
