import { beforeAll, describe, expect, it } from 'vitest';
import type { AuthResponse, SessionDto } from '#shared/protocol/auth.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { openRefreshToken } from '../../../workers/api/refresh-token.ts';
import { call, newWallet, settings, signIn, type TestWallet } from './caller.ts';
import { stepUp } from './operator.ts';

// The first request loads the worker, which takes longer than a test may.
beforeAll(async () => {
  await call('GET', '/health');
});

const list = async (token: string): Promise<SessionDto[]> =>
  (await call<SessionDto[]>('GET', '/api/auth/sessions', { token })).body;
const idOf = async (token: string): Promise<string> =>
  (await list(token)).find((session) => session.is_current)?.id ?? expect.fail();
const refresh = <Body = AuthResponse>(refresh_token: string) =>
  call<Body>('POST', '/api/auth/refresh', { body: { refresh_token } });
/** A command of a trader that changes nothing. */
const command = (token: string) => call('DELETE', '/api/trading/orders', { token });
const read = (token: string) => call('GET', '/api/trading/orders', { token });

async function createApiSession(token: string, wallet: TestWallet, body: object = { name: 'bot' }) {
  const confirmation = await stepUp(token, wallet, { operation: 'POST /api/auth/sessions', body });
  return call<AuthResponse>('POST', '/api/auth/sessions', { token, body, headers: { 'x-step-up': confirmation } });
}

describe('the list of sessions', () => {
  it('shows every sign-in of the wallet, says which one asks, and nothing that opens one', async () => {
    const wallet = newWallet();
    const [first, second] = [await signIn(wallet), await signIn(wallet)];
    const sessions = await list(second.token);
    expect(sessions.map(({ is_current }) => is_current).sort()).toEqual([false, true]);
    for (const session of sessions) expect(session).toMatchObject({ name: null, user_agent: null });
    const opened = await openRefreshToken(settings(), first.refresh_token, Date.now());
    expect(JSON.stringify(sessions)).not.toContain(opened?.token.split('.')[2] ?? expect.fail());
    expect(await list((await signIn()).token)).toHaveLength(1);
  });
});

describe('an ended session', () => {
  it('trades no more from that moment on; what it may read lasts as long as its token', async () => {
    const wallet = newWallet();
    const [lost, mine] = [await signIn(wallet), await signIn(wallet)];
    const id = await idOf(lost.token);
    expect((await command(lost.token)).status).toBe(200);
    expect((await call('DELETE', `/api/auth/sessions/${id}`, { token: mine.token })).status).toBe(204);
    expect((await command(lost.token)).body).toMatchObject({ code: 'AUTH_010' });
    expect((await read(lost.token)).status).toBe(200);
    expect((await refresh<ErrorResponse>(lost.refresh_token)).body.code).toBe('AUTH_006');
    expect((await command(mine.token)).status).toBe(200);
  });

  it('cannot end others, confirm operations, change the profile or create sessions', async () => {
    const wallet = newWallet();
    const { token } = await signIn(wallet);
    const request = { operation: 'POST /api/auth/sessions', body: { name: 'bot' } };
    const confirmation = await stepUp(token, wallet, request);
    await call('POST', '/api/auth/logout', { token });
    const headers = { 'x-step-up': confirmation };
    for (const answer of [
      await call('DELETE', '/api/auth/sessions', { token }),
      await call('POST', '/api/auth/step-up', { token, body: request }),
      await call('PATCH', '/api/users/me', { token, body: { risk_level: 'aggressive' } }),
      await call('POST', '/api/auth/sessions', { token, body: { name: 'bot' }, headers }),
    ])
      expect(answer.body).toMatchObject({ code: 'AUTH_010' });
  });

  it('is every other one of the wallet, where all others are ended, and none of another wallet', async () => {
    const wallet = newWallet();
    const stranger = await signIn();
    const [one, two, mine] = [await signIn(wallet), await signIn(wallet), await signIn(wallet)];
    const ended = await call<{ ended: number }>('DELETE', '/api/auth/sessions', { token: mine.token });
    expect(ended.body).toEqual({ ended: 2 });
    for (const { token } of [one, two]) expect((await command(token)).status).toBe(401);
    for (const { token } of [mine, stranger]) expect((await command(token)).status).toBe(200);
  });

  it('is never one of another wallet: its id is unknown there', async () => {
    const [mine, stranger] = [await signIn(), await signIn()];
    const id = await idOf(stranger.token);
    const { status, body } = await call('DELETE', `/api/auth/sessions/${id}`, { token: mine.token });
    expect([status, body.code]).toEqual([404, 'AUTH_012']);
    expect((await command(stranger.token)).status).toBe(200);
  });

  it('is the one whose refresh token was stolen and used: its access tokens trade no more either', async () => {
    const first = await signIn();
    const second = await refresh(first.refresh_token);
    const third = await refresh(second.body.refresh_token);
    expect((await refresh<ErrorResponse>(first.refresh_token)).body.code).toBe('AUTH_006');
    expect((await command(third.body.token)).body).toMatchObject({ code: 'AUTH_010' });
  });
});

describe('a refresh', () => {
  it('sent twice at once, or again because its answer was lost, ends nothing', async () => {
    const { refresh_token } = await signIn();
    const [one, other] = await Promise.all([refresh(refresh_token), refresh(refresh_token)]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(other.body.refresh_token).toBe(one.body.refresh_token);
    expect((await refresh(refresh_token)).body.refresh_token).toBe(one.body.refresh_token);
    for (const { body } of [one, other]) expect((await command(body.token)).status).toBe(200);
    expect((await refresh(one.body.refresh_token)).status).toBe(200);
  });
});

describe('an API session', () => {
  it('needs a fresh signature, and is a session of its own with a name and a fixed end', async () => {
    const wallet = newWallet();
    const { token } = await signIn(wallet);
    const without = await call('POST', '/api/auth/sessions', { token, body: { name: 'bot' } });
    expect([without.status, without.body.code]).toEqual([403, 'AUTH_011']);
    const { status, body } = await createApiSession(token, wallet, { name: 'bot', expires_in_days: 7 });
    expect(status).toBe(201);
    expect((await command(body.token)).status).toBe(200);
    const days = (Date.parse(body.refresh_expires_at) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
    const again = await refresh(body.refresh_token);
    expect(again.body.refresh_expires_at).toBe(body.refresh_expires_at);
    expect((await list(token)).map(({ name }) => name).sort()).toEqual(['bot', null]);
    await call('POST', '/api/auth/logout', { token });
    expect((await command(again.body.token)).status).toBe(200);
  });

  it('is refused beyond ten, and room is made by ending one', async () => {
    const wallet = newWallet();
    const { token } = await signIn(wallet);
    for (let i = 0; i < 10; i++) expect((await createApiSession(token, wallet)).status).toBe(201);
    expect((await createApiSession(token, wallet)).body).toMatchObject({ code: 'AUTH_014' });
    const bot = (await list(token)).find(({ name }) => name !== null) ?? expect.fail();
    await call('DELETE', `/api/auth/sessions/${bot.id}`, { token });
    expect((await createApiSession(token, wallet)).status).toBe(201);
  });

  it.each([
    {},
    { name: '' },
    { name: 'x'.repeat(65) },
    { name: 'a\nb' },
    { name: 'bot', expires_in_days: 366 },
    { name: 'bot', expires_in_days: 0 },
    { name: 'bot', role: 'admin' },
  ])('refuses %o, and that costs no signature', async (body) => {
    const wallet = newWallet();
    const { token } = await signIn(wallet);
    const request = { operation: 'POST /api/auth/sessions', body: { name: 'bot' } };
    const headers = { 'x-step-up': await stepUp(token, wallet, request) };
    const refused = await call('POST', '/api/auth/sessions', { token, body, headers });
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_001']);
    expect((await call('POST', '/api/auth/sessions', { token, body: { name: 'bot' }, headers })).status).toBe(201);
  });
});
