import { describe, expect, it } from 'vitest';
import type { AuthResponse } from '#shared/protocol/auth.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { issueAccessToken, verifyAccessToken } from '../../../workers/account/access-token.ts';
import { createChallenge, nonceLifeMs, signInSite } from '../../../workers/api/sign-in.ts';
import type { SessionKey } from '../../../workers/env.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { askNonce, call, logIn, newWallet, settings, signIn } from './caller.ts';

/** Any operation that needs a session and no other part of the system. */
const ask = (token: string) => call('GET', '/api/trading/orders', { token });

const withKeys = (...keys: SessionKey[]) => ({ ...settings(), SESSION_KEYS: keys });

describe('signing in', () => {
  it('exchanges a signed text for a session of that wallet', async () => {
    const wallet = newWallet();
    const { message, nonce, expires_at } = await askNonce(wallet);
    expect(message).toContain(wallet.address);
    expect(message).toContain(`Nonce: ${nonce}`);
    expect(message).toContain(`Expiration Time: ${expires_at}`);
    const { status, body } = await logIn(wallet, message);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ id: userIdOf(wallet.address), wallet_address: wallet.address });
    expect((await ask(body.token)).status).toBe(200);
  });

  it('takes each text once', async () => {
    const wallet = newWallet();
    const { message } = await askNonce(wallet);
    expect((await logIn(wallet, message)).status).toBe(200);
    expect((await logIn<ErrorResponse>(wallet, message)).body.code).toBe('AUTH_005');
  });

  it('refuses a signature of another wallet', async () => {
    const [wallet, other] = [newWallet(), newWallet()];
    const { message } = await askNonce(wallet);
    const { status, body } = await logIn<ErrorResponse>(wallet, message, other.sign(message));
    expect([status, body.code]).toEqual([401, 'AUTH_004']);
  });

  it('does not burn the text when a forged signature comes first', async () => {
    const [wallet, other] = [newWallet(), newWallet()];
    const { message } = await askNonce(wallet);
    await logIn(wallet, message, other.sign(message));
    expect((await logIn(wallet, message)).status).toBe(200);
  });

  it.each([
    ['domain', (text: string) => text.replace(settings().SIGN_IN_DOMAIN, 'evil.example')],
    ['URI', (text: string) => text.replace(/^URI: .*$/m, 'URI: https://evil.example')],
    ['chain id', (text: string) => text.replace(/^Chain ID: .*$/m, 'Chain ID: solana:mainnet')],
    ['statement', (text: string) => text.replace('moves nothing', 'moves everything')],
    ['expiry', (text: string) => text.replace(/^Expiration Time: 20/m, 'Expiration Time: 29')],
    ['end', (text: string) => `${text}\nResources:\n- https://evil.example`],
  ])('refuses a text whose %s was changed, however well it is signed', async (_part, change) => {
    const wallet = newWallet();
    const message = change((await askNonce(wallet)).message);
    expect((await logIn<ErrorResponse>(wallet, message)).body.code).toBe('AUTH_004');
  });

  it('refuses a nonce given to another wallet', async () => {
    const [wallet, other] = [newWallet(), newWallet()];
    const message = (await askNonce(other)).message.replace(other.address, wallet.address);
    expect((await logIn<ErrorResponse>(wallet, message)).body.code).toBe('AUTH_003');
  });

  it('refuses a text after five minutes', async () => {
    const wallet = newWallet();
    const { SESSION_KEYS: keys } = settings();
    const site = signInSite(settings());
    const old = await createChallenge(keys, site, wallet.address, Date.now() - nonceLifeMs - 1_000);
    expect((await logIn<ErrorResponse>(wallet, old.message)).body.code).toBe('AUTH_003');
    const fresh = await createChallenge(keys, site, wallet.address, Date.now() - nonceLifeMs + 30_000);
    expect((await logIn(wallet, fresh.message)).status).toBe(200);
  });

  it('refuses a nonce that we did not make', async () => {
    const wallet = newWallet();
    const forged = await createChallenge(
      [{ kid: 'k1', secret: 'f'.repeat(40) }],
      signInSite(settings()),
      wallet.address,
      Date.now(),
    );
    expect((await logIn<ErrorResponse>(wallet, forged.message)).body.code).toBe('AUTH_003');
  });

  it.each(['', 'abc', '0OIl', '1'.repeat(128)])('refuses %o as a signature', async (signature) => {
    const wallet = newWallet();
    const { message } = await askNonce(wallet);
    const { status, body } = await logIn<ErrorResponse>(wallet, message, signature);
    expect(status).toBeLessThan(500);
    expect(['AUTH_004', 'VALIDATION_001']).toContain(body.code);
  });
});

describe('access tokens', () => {
  const session = { userId: userIdOf('w'), wallet: newWallet().address, sessionId: 's', role: 'user' } as const;
  const codeOf = async (token: string) => (await ask(token)).body.code;

  it('end after 15 minutes, and say so', async () => {
    const { token } = await issueAccessToken(settings(), session, Date.now() - 15 * 60_000 - 1_000);
    expect(await codeOf(token)).toBe('AUTH_002');
  });

  it('of an unknown key, another secret or no algorithm are not ours', async () => {
    const [key] = settings().SESSION_KEYS;
    const kid = key?.kid ?? '';
    const { token: wrongSecret } = await issueAccessToken(
      withKeys({ kid, secret: 'x'.repeat(40) }),
      session,
      Date.now(),
    );
    const { token: unknownKey } = await issueAccessToken(
      withKeys({ kid: 'k?', secret: 'x'.repeat(40) }),
      session,
      Date.now(),
    );
    const { token } = await issueAccessToken(settings(), session, Date.now());
    const payload = token.split('.')[1] ?? '';
    const none = `${btoa(`{"alg":"none","typ":"JWT","kid":"${kid}"}`).replaceAll('=', '')}.${payload}.`;
    // Another character in its place, whichever stands there.
    const changed = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`;
    for (const forged of [wrongSecret, unknownKey, none, 'a.b.c', changed]) {
      expect(await codeOf(forged)).toBe('AUTH_001');
    }
  });

  it('are signed by the first key and verified by all, so that keys can be rotated', async () => {
    const [old, next] = [
      { kid: 'old', secret: 'o'.repeat(40) },
      { kid: 'new', secret: 'n'.repeat(40) },
    ];
    const now = Date.now();
    const { token } = await issueAccessToken(withKeys(old), session, now);
    expect((await verifyAccessToken(withKeys(next, old), token, now)).ok).toBe(true);
    expect((await verifyAccessToken(withKeys(next), token, now)).ok).toBe(false);
  });

  it('are asked for by operations of a trader, in the header alone', async () => {
    const { token } = await signIn();
    expect((await call('GET', '/api/trading/orders')).body.code).toBe('AUTH_001');
    expect((await call('GET', `/api/trading/orders?token=${token}`)).body.code).toBe('AUTH_001');
    expect((await call('GET', '/api/trading/orders', { headers: { authorization: token } })).body.code).toBe(
      'AUTH_001',
    );
  });
});

describe('refresh tokens', () => {
  const refresh = <Body = AuthResponse>(refresh_token: string) =>
    call<Body>('POST', '/api/auth/refresh', { body: { refresh_token } });

  it('give new tokens once', async () => {
    const first = await signIn();
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.user.wallet_address).toBe(first.wallet.address);
    expect((await ask(second.body.token)).status).toBe(200);
  });

  it('used again after their successor was used end the whole family: whoever copied one loses it too', async () => {
    const first = await signIn();
    const second = await refresh(first.refresh_token);
    const third = await refresh(second.body.refresh_token);
    expect((await refresh<ErrorResponse>(first.refresh_token)).body.code).toBe('AUTH_006');
    expect((await refresh<ErrorResponse>(third.body.refresh_token)).body.code).toBe('AUTH_006');
  });

  it('end with the session', async () => {
    const { token, refresh_token } = await signIn();
    expect((await call('POST', '/api/auth/logout', { token })).status).toBe(204);
    expect((await refresh<ErrorResponse>(refresh_token)).body.code).toBe('AUTH_006');
  });

  it.each(['x', 'a.b.c', `${newWallet().address}.b.c`, `${newWallet().address}.b.`, 'x'.repeat(900)])(
    'are refused when they are %o',
    async (text) => {
      const { status, body } = await refresh<ErrorResponse>(text);
      expect([status, body.code]).toEqual([401, 'AUTH_006']);
    },
  );
});
