import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import type { User } from '#shared/protocol/auth.ts';
import type { Plain } from './trader.ts';
import { call, signIn } from './caller.ts';
import { Operator } from './operator.ts';

// The first request loads the worker, which takes longer than a test may.
beforeAll(async () => {
  await call('GET', '/health');
});

const change = <Body = Plain<User> & { code?: string }>(token: string, body: unknown) =>
  call<Body>('PATCH', '/api/users/me', { token, body });
const me = async (token: string) => (await call<Plain<User>>('GET', '/api/users/me', { token })).body;

/** What the wallet's object knows for its orders. */
const standingOf = (wallet: string) =>
  runInDurableObject(env.ACCOUNTS.getByName(wallet), (_instance: unknown, { storage }: DurableObjectState) =>
    storage.sql.exec('SELECT * FROM standing').one(),
  );

describe('the profile', () => {
  it('keeps what is changed, leaves what is not named, and reaches the object that judges orders', async () => {
    const { token, wallet } = await signIn();
    const preferences = { default_leverage: 2.5, max_slippage_bps: 30, theme: { dark: true } };
    const changed = await change(token, { risk_level: 'conservative', trading_preferences: preferences });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ risk_level: 'conservative', trading_preferences: preferences, email: null });
    expect(await standingOf(wallet.address)).toMatchObject({
      risk_level: 'conservative',
      default_leverage_e2: 250,
      max_slippage_bps: 30,
    });
    const email = `${crypto.randomUUID()}@Example.com`;
    expect((await change(token, { email })).body).toMatchObject({
      email: email.toLowerCase(),
      risk_level: 'conservative',
    });
    expect((await change(token, { trading_preferences: {} })).body.trading_preferences).toEqual({});
    expect(await standingOf(wallet.address)).toMatchObject({ default_leverage_e2: null, max_slippage_bps: null });
    expect(await me(token)).toMatchObject({ email: email.toLowerCase(), trading_preferences: {} });
  });

  it('is the own one: a change reaches no other user', async () => {
    const [one, other] = [await signIn(), await signIn()];
    await change(one.token, { risk_level: 'aggressive' });
    expect((await me(other.token)).risk_level).toBe('moderate');
  });

  it('takes an e-mail address that belongs to another account from nobody', async () => {
    const [one, other] = [await signIn(), await signIn()];
    const email = `${crypto.randomUUID()}@example.com`;
    expect((await change(one.token, { email })).status).toBe(200);
    const taken = await change(other.token, { email });
    expect([taken.status, taken.body.code]).toEqual([409, 'AUTH_013']);
    await change(one.token, { email: null });
    expect((await change(other.token, { email })).status).toBe(200);
  });

  it('changes nothing for an empty request', async () => {
    const { token } = await signIn();
    const before = await me(token);
    expect((await change(token, {})).body).toEqual(before);
  });

  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
  it.each([
    ['an unknown field', { nickname: 'x' }],
    ['what is the exchange’s to say', { kyc_status: 'verified' }],
    ['what is the exchange’s to say', { is_active: true }],
    ['another level', { risk_level: 'reckless' }],
    ['no address', { email: 'me' }],
    ['a long address', { email: `${'x'.repeat(250)}@example.com` }],
    ['a leverage above any market’s', { trading_preferences: { default_leverage: 101 } }],
    ['a leverage of none', { trading_preferences: { default_leverage: 0 } }],
    ['three decimals', { trading_preferences: { default_leverage: 1.234 } }],
    ['a slippage above everything', { trading_preferences: { max_slippage_bps: 10_001 } }],
    ['preferences above 4 KB', { trading_preferences: { note: 'x'.repeat(4_096) } }],
    ['preferences nested too deep', { trading_preferences: nested(7) }],
    ['preferences nested absurdly deep', { trading_preferences: nested(2_000) }],
    ['preferences that are no object', { trading_preferences: [1] }],
  ])('refuses %s', async (_what, body) => {
    const { token } = await signIn();
    const before = await me(token);
    const { status, body: answer } = await change(token, body);
    expect([400, ['VALIDATION_001', 'VALIDATION_005']]).toEqual([status, expect.arrayContaining([answer.code])]);
    expect(await me(token)).toEqual(before);
  });

  it('holds preferences up to the bound', async () => {
    const { token } = await signIn();
    const note = 'x'.repeat(4_096 - '{"note":""}'.length);
    expect((await change(token, { trading_preferences: { note } })).status).toBe(200);
    expect((await me(token)).trading_preferences).toEqual({ note });
  });
});

describe('a trader’s own data', () => {
  interface Export {
    readonly wallet_address: string;
    readonly email: string | null;
    readonly sessions: readonly { readonly id: string }[];
    readonly users: readonly Record<string, unknown>[];
    readonly ai_conversations: readonly { readonly title: string }[];
    readonly ai_messages: readonly unknown[];
    readonly fills: readonly unknown[];
  }
  const exported = (token: string) => call<Export>('GET', '/api/users/me/export', { token });
  const withData = async () => {
    const trader = await Operator.signedIn((await signIn()).wallet);
    const email = `${crypto.randomUUID()}@example.com`;
    await change(trader.token, { email, trading_preferences: { theme: 'dark' } });
    await trader.call('POST', '/api/ai/chat', { body: { message: 'What can you do?' } });
    return { trader, email };
  };

  it('is exported whole: address, sessions and every table’s rows, and nobody else’s', async () => {
    const { trader, email } = await withData();
    await withData();
    const { status, headers, body } = await exported(trader.token);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toContain(`quantdesk-${trader.wallet.address}.json`);
    expect(body).toMatchObject({ wallet_address: trader.wallet.address, email, fills: [] });
    expect(body.users).toMatchObject([
      { wallet_address: trader.wallet.address, trading_preferences: { theme: 'dark' } },
    ]);
    expect(body.ai_conversations).toMatchObject([{ title: 'What can you do?' }]);
    expect([body.sessions.length, body.ai_messages.length]).toEqual([2, 2]);
    expect((await call('GET', '/api/users/me/export')).status).toBe(401);
  });

  it('is erased by a fresh signature alone, with every session, and recorded without the data', async () => {
    const { trader, email } = await withData();
    const unsigned = await trader.call<{ code: string }>('DELETE', '/api/users/me');
    expect([unsigned.status, unsigned.body.code]).toEqual([403, 'AUTH_011']);
    const erased = await trader.confirmed<Record<string, unknown>>('DELETE', '/api/users/me');
    expect(erased.status).toBe(200);
    expect(erased.body).toMatchObject({ conversations: 1, analyses: 0, alerts: 0, sessions: 2 });
    expect((await trader.call<{ code: string }>('PATCH', '/api/users/me', { body: {} })).body.code).toBe('AUTH_010');
    const again = await signIn(trader.wallet);
    expect(again.user).toMatchObject({ email: null, trading_preferences: {} });
    const left = await exported(again.token);
    expect(left.body).toMatchObject({ email: null, ai_conversations: [], ai_messages: [] });
    const operator = await Operator.signedIn();
    const path = `/api/admin/actions?target=${trader.wallet.address}`;
    const { body: deeds } = await operator.call<Record<string, unknown>[]>('GET', path);
    expect(deeds).toMatchObject([
      { action: 'users.erase', request_id: erased.headers.get('x-request-id'), details: {} },
    ]);
    expect(JSON.stringify(deeds)).not.toContain(email);
    expect((await change((await signIn()).token, { email })).status).toBe(200);
  });
});
