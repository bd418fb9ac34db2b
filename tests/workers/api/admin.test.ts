import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { createDeadLetterRepository, type DeadLetter } from '#db/repositories/dead-letters.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { armFaults } from '../../../workers/platform/failpoint-faults.ts';
import { until } from '../market/hermes-control.ts';
import { call, logIn, askNonce, newWallet, settings, signIn } from './caller.ts';
import { Operator } from './operator.ts';
import { operations } from '../../../workers/api/routes/index.ts';

let operator: Operator;
beforeAll(async () => {
  operator = await Operator.signedIn();
});

interface Action {
  readonly action: string;
  readonly target: string;
  readonly admin_wallet: string;
  readonly request_id: string;
  readonly details: Record<string, unknown>;
}

const actionsOn = async (target: string): Promise<Action[]> =>
  (await operator.call<Action[]>('GET', `/api/admin/actions?target=${target}`)).body;

const database = () =>
  createDatabase({
    databaseUrl: settings().DATABASE_URL,
    httpEndpoint: settings().DATABASE_HTTP_ENDPOINT,
  });

const databaseIs = async (mode: 'ok' | 'refuse'): Promise<void> => {
  await fetch(inject('stackControls').neon, { method: 'POST', body: JSON.stringify({ mode }) });
};

describe('users, by an operator', () => {
  it('are found by the beginning of their wallet, in pages', async () => {
    const { wallet } = await signIn();
    const found = await operator.call<{ wallet_address: string; is_active: boolean }[]>(
      'GET',
      `/api/admin/users?wallet=${wallet.address.slice(0, 12)}`,
    );
    expect(found.body).toMatchObject([{ wallet_address: wallet.address, is_active: true }]);
    const first = await operator.call<unknown[]>('GET', '/api/admin/users?limit=1');
    const cursor = first.headers.get('x-next-cursor') ?? expect.fail();
    const second = await operator.call<unknown[]>('GET', `/api/admin/users?limit=1&cursor=${cursor}`);
    expect(second.body).toHaveLength(1);
    expect(second.body).not.toEqual(first.body);
  });

  it('that are disabled can neither trade, nor refresh, nor sign in, until they are enabled', async () => {
    const user = await signIn();
    const path = `/api/admin/users/${user.wallet.address}`;
    const disabled = await operator.confirmed<{ is_active: boolean }>('PATCH', path, { is_active: false });
    expect([disabled.status, disabled.body.is_active]).toEqual([200, false]);
    expect((await call('DELETE', '/api/trading/orders', { token: user.token })).body.code).toBe('AUTH_010');
    const body = { refresh_token: user.refresh_token };
    expect((await call('POST', '/api/auth/refresh', { body })).body.code).toBe('AUTH_006');
    const { message } = await askNonce(user.wallet);
    expect((await logIn<ErrorResponse>(user.wallet, message)).body.code).toBe('AUTH_008');
    expect((await operator.confirmed('PATCH', path, { is_active: true })).status).toBe(200);
    expect((await signIn(user.wallet)).token).not.toBe('');
  });

  it('that are disabled cannot sign in while the database is away either', async () => {
    const user = await signIn();
    await operator.confirmed('PATCH', `/api/admin/users/${user.wallet.address}`, { is_active: false });
    await databaseIs('refuse');
    const { message } = await askNonce(user.wallet);
    const refused = await logIn<ErrorResponse>(user.wallet, message);
    const other = await signIn().catch((error: unknown) => error);
    await databaseIs('ok');
    expect([refused.status, refused.body.code]).toEqual([403, 'AUTH_008']);
    expect(other).not.toBeInstanceOf(Error);
  });

  it('whose row says disabled are refused at a refresh even where their object was never told', async () => {
    const user = await signIn();
    await database().transaction({ role: 'app_writer', userId: userIdOf(user.wallet.address) }, (orm) => [
      orm.execute(`UPDATE users SET is_active = false WHERE wallet_address = '${user.wallet.address}'`),
    ]);
    const body = { refresh_token: user.refresh_token };
    expect((await call('POST', '/api/auth/refresh', { body })).body.code).toBe('AUTH_008');
    expect((await call('DELETE', '/api/trading/orders', { token: user.token })).body.code).toBe('AUTH_010');
  });

  it('are told to their object at once, and the change is recorded with who, what and which request', async () => {
    const { wallet } = await signIn();
    const path = `/api/admin/users/${wallet.address}`;
    const changed = await operator.confirmed('PATCH', path, { kyc_status: 'rejected' });
    const known = await runInDurableObject(
      env.ACCOUNTS.getByName(wallet.address),
      (_instance: unknown, { storage }: DurableObjectState) => storage.sql.exec('SELECT * FROM standing').one(),
    );
    expect(known).toMatchObject({ kyc_status: 'rejected', is_active: 1 });
    expect(await actionsOn(wallet.address)).toMatchObject([
      {
        action: 'users.change',
        admin_wallet: operator.wallet.address,
        request_id: changed.headers.get('x-request-id'),
        details: { before: { is_active: true, kyc_status: 'pending' }, change: { kyc_status: 'rejected' } },
      },
    ]);
  });

  it('are not changed without a confirmation of exactly that change, which leaves no record either', async () => {
    const { wallet } = await signIn();
    const path = `/api/admin/users/${wallet.address}`;
    const refused = await operator.call<ErrorResponse>('PATCH', path, { body: { is_active: false } });
    expect([refused.status, refused.body.code]).toEqual([403, 'AUTH_011']);
    expect(await actionsOn(wallet.address)).toEqual([]);
  });

  it('that never signed in are unknown', async () => {
    const path = `/api/admin/users/${newWallet().address}`;
    expect((await operator.confirmed<ErrorResponse>('PATCH', path, { is_active: false })).body.code).toBe('AUTH_015');
  });
});

const message = (owner: string) => ({
  kind: 'liquidation',
  symbol: 'SOL-PERP',
  owner,
  commandSeq: '7',
  price: '15000000000',
  publishTime: 1_750_000_000,
  requestId: 'r',
});
const letters = () => createDeadLetterRepository(database());

async function storedLetter(body: unknown = message(newWallet().address)): Promise<DeadLetter> {
  const messageId = crypto.randomUUID();
  await letters().store({
    queue: 'risk-checks',
    messageId,
    body,
    error: null,
    attempts: 5,
    createdAtMs: Date.now(),
  });
  const { rows } = await letters().list({ limit: 10 });
  return rows.find((letter) => letter.messageId === messageId) ?? expect.fail();
}

describe('dead letters, by an operator', () => {
  const settle = (id: string, how: 'replay' | 'discard') =>
    operator.confirmed<{ status: string; settled_at: string | null } & Partial<ErrorResponse>>(
      'POST',
      `/api/admin/dead-letters/${id}/${how}`,
    );

  it('are listed by status, with the message as it was', async () => {
    const { id, body } = await storedLetter();
    const listed = await operator.call<{ id: string }[]>('GET', '/api/admin/dead-letters?status=stored');
    expect(listed.body.find((letter) => letter.id === id)).toMatchObject({ body, status: 'stored', attempts: 5 });
  });

  it('are replayed once: repeating it changes and sends nothing', async () => {
    const { id } = await storedLetter();
    const first = await settle(id, 'replay');
    expect(first.body).toMatchObject({ status: 'replayed' });
    expect((await settle(id, 'replay')).body).toMatchObject({ status: 'replayed', settled_at: first.body.settled_at });
    expect((await settle(id, 'discard')).body).toMatchObject({ status: 'replayed' });
    expect((await actionsOn(id)).map(({ action }) => action)).toEqual(['dead-letters.replay']);
  });

  it('are discarded without being sent', async () => {
    const { id } = await storedLetter();
    expect((await settle(id, 'discard')).body).toMatchObject({ status: 'discarded' });
    expect((await settle(id, 'replay')).body).toMatchObject({ status: 'discarded' });
    expect((await actionsOn(id)).map(({ action }) => action)).toEqual(['dead-letters.discard']);
  });

  it('that hold no message of ours are not put into a queue', async () => {
    const { id } = await storedLetter({ kind: 'transfer', to: 'me' });
    expect((await settle(id, 'replay')).body.code).toBe('AUTH_015');
    expect((await letters().get(id))?.status).toBe('stored');
  });

  it('that are not kept are unknown', async () => {
    expect((await settle(crypto.randomUUID(), 'replay')).body.code).toBe('AUTH_015');
  });
});

describe('the switches of a market, by an operator', () => {
  interface Switch {
    readonly operation: string;
    readonly off: boolean;
    readonly by: string | null;
    readonly reason: string | null;
  }
  const path = '/api/admin/markets/ETH-PERP/switches';
  const set = (off: boolean, reason: string) =>
    operator.confirmed<Switch[] & Partial<ErrorResponse>>('PUT', path, { operation: 'open', off, reason });
  const open = async (): Promise<Switch> =>
    (await operator.call<Switch[]>('GET', path)).body.find(({ operation }) => operation === 'open') ?? expect.fail();

  afterEach(async () => {
    await databaseIs('ok');
    await set(false, 'over');
  });

  it('are set, shown with who and why, and recorded', async () => {
    expect(await open()).toEqual({ operation: 'open', off: false, by: null, reason: null, since: null });
    const answer = await set(true, 'the feed is wrong');
    expect(answer.status).toBe(200);
    expect(await open()).toMatchObject({ off: true, by: operator.wallet.address, reason: 'the feed is wrong' });
    const [latest] = await actionsOn('ETH-PERP');
    expect(latest).toMatchObject({
      action: 'markets.switch',
      request_id: answer.headers.get('x-request-id'),
      details: { operation: 'open', off: true, reason: 'the feed is wrong' },
    });
  });

  it('stop a market even while the database is away, and are recorded when it is back, once', async () => {
    await databaseIs('refuse');
    const answer = await set(true, 'everything burns');
    expect([answer.status, await open()]).toMatchObject([200, { off: true, reason: 'everything burns' }]);
    await databaseIs('ok');
    const id = answer.headers.get('x-request-id');
    const entries = async () =>
      (await operator.call<Action[]>('GET', '/api/admin/actions?target=ETH-PERP&limit=20')).body;
    await until('the entry is in the database', async () => (await entries()).some((row) => row.request_id === id));
    expect((await entries()).filter((row) => row.request_id === id)).toMatchObject([
      { action: 'markets.switch', admin_wallet: operator.wallet.address, details: { reason: 'everything burns' } },
    ]);
  });

  it.each(['ok', 'refuse'] as const)(
    'are never set without an entry: what dies between the two has the entry alone (database: %s)',
    async (mode) => {
      await databaseIs(mode);
      armFaults([{ name: 'deed.recorded', action: 'throw', subject: operator.wallet.address }]);
      const answer = await set(true, `died, ${mode}`);
      armFaults([]);
      await databaseIs('ok');
      expect([answer.status, await open()]).toMatchObject([500, { off: false }]);
      await until('the entry is in the database', async () =>
        (await actionsOn('ETH-PERP')).some(({ details }) => details['reason'] === `died, ${mode}`),
      );
    },
  );

  it('of a market that does not exist, or without a reason, are refused', async () => {
    const unknown = await operator.call<ErrorResponse>('GET', '/api/admin/markets/DOGE-PERP/switches');
    expect(unknown.body.code).toBe('MARKET_001');
    const path = '/api/admin/markets/ETH-PERP/switches';
    const body = { operation: 'open', off: true, reason: ' ' };
    // Without a token: what does not fit is refused before one is asked for.
    expect((await operator.call<ErrorResponse>('PUT', path, { body })).body.code).toBe('VALIDATION_001');
  });
});

describe('the audit log', () => {
  /** One request of each operation that changes something, whose subject is a fresh one. */
  const deeds: Readonly<Record<string, () => Promise<{ path: string; body?: unknown }>>> = {
    'PATCH /api/admin/users/{wallet}': async () => ({
      path: `/api/admin/users/${(await signIn()).wallet.address}`,
      body: { is_active: true },
    }),
    'POST /api/admin/dead-letters/{id}/replay': async () => ({
      path: `/api/admin/dead-letters/${(await storedLetter()).id}/replay`,
    }),
    'POST /api/admin/dead-letters/{id}/discard': async () => ({
      path: `/api/admin/dead-letters/${(await storedLetter()).id}/discard`,
    }),
    'PUT /api/admin/markets/{symbol}/switches': async () => ({
      path: '/api/admin/markets/BTC-PERP/switches',
      body: { operation: 'open', off: false, reason: 'nothing' },
    }),
    'POST /api/admin/transactions': async () => ({
      path: '/api/admin/transactions',
      body: { action: 'pause_operations', params: { operations: ['deposit'] } },
    }),
  };
  const changing = operations.filter(({ auth, method }) => auth === 'admin' && method !== 'GET');

  it.each(changing)(
    'has an entry of every $method $path, by its request',
    async ({ method, path: template, stepUp }) => {
      const { path, body } = (await deeds[`${method} ${template}`]?.()) ?? expect.fail('an operation without a case');
      const options = body === undefined ? {} : { body };
      const answer =
        stepUp === true ? await operator.confirmed(method, path, body) : await operator.call(method, path, options);
      expect(answer.status).toBe(200);
      const entries = (await operator.call<Action[]>('GET', '/api/admin/actions?limit=20')).body;
      const id = answer.headers.get('x-request-id');
      expect(entries.filter((entry) => entry.request_id === id)).toMatchObject([
        { admin_wallet: operator.wallet.address },
      ]);
    },
  );
});

describe('a use of a role', () => {
  it('is handed out after its entry is kept, also while the database is away', async () => {
    const body = { action: 'pause_operations', params: { operations: ['pool'] } };
    await databaseIs('refuse');
    const answer = await operator.call<{ transaction?: string }>('POST', '/api/admin/transactions', { body });
    await databaseIs('ok');
    expect([answer.status, answer.body.transaction]).toEqual([200, expect.any(String)]);
    const id = answer.headers.get('x-request-id');
    await until('the entry is in the database', async () =>
      (await actionsOn('pause_operations')).some((row) => row.request_id === id),
    );
  });
});

describe('risk events, by an operator', () => {
  it('are listed, newest first, also only those that last', async () => {
    const listed = await operator.call<unknown[]>('GET', '/api/admin/risk-events?resolved=false&limit=5');
    expect(listed.status).toBe(200);
    expect(Array.isArray(listed.body)).toBe(true);
  });
});
