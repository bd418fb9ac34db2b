import { ed25519 } from '@noble/curves/ed25519.js';
import bs58 from 'bs58';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { issueAccessToken, verifyAccessToken } from '../../../workers/account/access-token.ts';
import { openRefreshToken, sealRefreshToken } from '../../../workers/api/refresh-token.ts';
import { signToken, type TokenSettings } from '../../../workers/account/signed-token.ts';
import { createChallenge, signInSite, verifySignIn } from '../../../workers/api/sign-in.ts';
import type { SessionKey } from '../../../workers/env.ts';
import { userIdOf } from '../../../workers/platform/ids.ts';
import { askNonce, call, logIn, newWallet, settings, signIn } from './caller.ts';
import { adminWallet } from './operator.ts';

// The first request loads the worker, which takes longer than a test may.
beforeAll(async () => {
  await call('GET', '/health');
});

const codeOf = async (token: string): Promise<string | undefined> =>
  (await call<{ code?: string } | undefined>('GET', '/api/users/me', { token })).body?.code;

const base64Url = (value: unknown): string =>
  btoa(typeof value === 'string' ? value : JSON.stringify(value))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function hmac(text: string, secret: string, hash: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash }, false, ['sign']);
  return base64Url(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))));
}

describe('an access token', () => {
  it.each(['none', 'None', 'RS256', 'ES256', 'EdDSA', 'HS384', 'HS512'])(
    'whose header says %s is none of ours, whoever signed it',
    async (alg) => {
      const { token } = await signIn();
      const [key = expect.fail()] = settings().SESSION_KEYS;
      const [, payload = ''] = token.split('.');
      const head = `${base64Url({ alg, typ: 'JWT', kid: key.kid })}.${payload}`;
      const ours = await hmac(head, key.secret, alg === 'HS512' ? 'SHA-512' : alg === 'HS384' ? 'SHA-384' : 'SHA-256');
      for (const signature of ['', ours, token.split('.')[2]])
        expect(await codeOf(`${head}.${signature ?? ''}`)).toBe('AUTH_001');
      expect(await codeOf(token)).toBeUndefined();
    },
  );

  it('is written in one way: another spelling of the same bytes is none of ours', async () => {
    const { token } = await signIn();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.at(-1) ?? '');
    // 32 bytes are 43 characters, of which the last has two bits to spare.
    for (const other of [last ^ 1, last ^ 2, last ^ 3])
      expect(await codeOf(token.slice(0, -1) + alphabet.charAt(other))).toBe('AUTH_001');
    expect(await codeOf(`${token}=`)).toBe('AUTH_001');
    expect(await codeOf(token)).toBeUndefined();
  });

  it('without a kid, or with one that leads elsewhere, is none of ours', async () => {
    const { token } = await signIn();
    const [key = expect.fail()] = settings().SESSION_KEYS;
    const payload = token.split('.')[1] ?? '';
    for (const kid of [undefined, null, 0, '', 'k?', '../../dev/null', `${key.kid} `, ['k1']]) {
      const head = `${base64Url({ alg: 'HS256', typ: 'JWT', kid })}.${payload}`;
      expect(await codeOf(`${head}.${await hmac(head, key.secret, 'SHA-256')}`)).toBe('AUTH_001');
    }
    const good = `${base64Url({ alg: 'HS256', typ: 'JWT', kid: key.kid })}.${payload}`;
    expect(await codeOf(`${good}.${await hmac(good, key.secret, 'SHA-256')}`)).toBeUndefined();
  });

  it('made for another purpose or another site is none here, even under our key', async () => {
    const { address: wallet } = newWallet();
    const claims = { sub: userIdOf(wallet), wallet, sid: crypto.randomUUID(), role: 'user' };
    const expiresAt = Math.floor(Date.now() / 1_000) + 600;
    expect(await codeOf(await signToken(settings(), 'access', claims, expiresAt))).toBeUndefined();
    expect(await codeOf(await signToken(settings(), 'step-up', claims, expiresAt))).toBe('AUTH_001');
    const staging: TokenSettings = { ...settings(), SIGN_IN_DOMAIN: 'staging.example' };
    expect(await codeOf(await signToken(staging, 'access', claims, expiresAt))).toBe('AUTH_001');
  });

  it('whose claims do not fit is none, and one that has expired says so', async () => {
    const { address: wallet } = newWallet();
    const claims = { sub: userIdOf(wallet), wallet, sid: crypto.randomUUID(), role: 'user' };
    const now = Math.floor(Date.now() / 1_000);
    for (const change of [{ sub: 'x' }, { wallet: 7 }, { sid: null }, { role: 'owner' }])
      expect(await codeOf(await signToken(settings(), 'access', { ...claims, ...change }, now + 600))).toBe('AUTH_001');
    expect(await codeOf(await signToken(settings(), 'access', claims, now - 1))).toBe('AUTH_002');
  });

  it('does not make its holder an operator: the settings do, at every request', async () => {
    const session = { userId: userIdOf('w'), wallet: newWallet().address, sessionId: 's', role: 'admin' } as const;
    const { token } = await issueAccessToken(settings(), session, Date.now());
    expect((await call('GET', '/api/admin/users', { token })).body.code).toBe('AUTH_007');
    const { token: admin } = await signIn(adminWallet());
    const dismissed = { ...settings(), ADMIN_WALLETS: [] };
    expect(await verifyAccessToken(settings(), admin, Date.now())).toMatchObject({ value: { role: 'admin' } });
    expect(await verifyAccessToken(dismissed, admin, Date.now())).toMatchObject({ value: { role: 'user' } });
  });
});

describe('keys in their order', () => {
  const [old, next] = [
    { kid: 'old', secret: 'o'.repeat(40) },
    { kid: 'new', secret: 'n'.repeat(40) },
  ];
  const withKeys = (...keys: SessionKey[]) => ({ ...settings(), SESSION_KEYS: keys });

  it('sign with the first and verify with all; a key that was removed verifies nothing', async () => {
    const session = { userId: userIdOf('w'), wallet: newWallet().address, sessionId: 's', role: 'user' } as const;
    const now = Date.now();
    const { token: before } = await issueAccessToken(withKeys(old), session, now);
    const { token: during } = await issueAccessToken(withKeys(next, old), session, now);
    const verifies = async (token: string, ...keys: SessionKey[]) =>
      (await verifyAccessToken(withKeys(...keys), token, now)).ok;
    expect([await verifies(before, next, old), await verifies(during, next, old)]).toEqual([true, true]);
    expect([await verifies(before, next), await verifies(during, next)]).toEqual([false, true]);
    expect(await verifies(during, old)).toBe(false);
  });

  it('do the same for refresh tokens, and the same one is sealed alike twice', async () => {
    const token = `${newWallet().address}.session.secret`;
    const now = Date.now();
    const opens = async (sealed: string, ...keys: SessionKey[]) =>
      (await openRefreshToken(withKeys(...keys), sealed, now))?.token;
    const before = await sealRefreshToken(withKeys(old), token, now + 60_000);
    const during = await sealRefreshToken(withKeys(next, old), token, now + 60_000);
    expect([await opens(before, next, old), await opens(during, next, old)]).toEqual([token, token]);
    expect([await opens(before, next), await opens(during, next)]).toEqual([undefined, token]);
    expect(await opens(during, old)).toBeUndefined();
    expect(await sealRefreshToken(withKeys(old, next), token, now + 60_000)).toBe(before);
  });

  it('do the same for the nonces of texts that are being signed', async () => {
    const wallet = newWallet();
    const site = signInSite(settings());
    const now = Date.now();
    const { message } = await createChallenge([old], site, wallet.address, now);
    const proof = { wallet: wallet.address, message, signature: wallet.sign(message) };
    expect((await verifySignIn([next, old], site, proof, now)).ok).toBe(true);
    expect(await verifySignIn([next], site, proof, now)).toMatchObject({ error: { code: 'AUTH_003' } });
  });
});

/** Order of the base point's group. */
const groupOrder = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

/** The same signature with its scalar written as S + L: as long, and equal modulo the order. */
function withLargerScalar(signature: string): string {
  const bytes = bs58.decode(signature);
  let scalar = bytes.slice(32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + groupOrder;
  for (let i = 32; i < 64; i++, scalar /= 256n) bytes[i] = Number(scalar % 256n);
  expect(scalar).toBe(0n);
  return bs58.encode(bytes);
}

describe('a signature', () => {
  it('with its scalar beyond the group order is not the wallet’s: no second form of it is accepted', async () => {
    const wallet = newWallet();
    const { message } = await askNonce(wallet);
    const signature = wallet.sign(message);
    const refused = await logIn<ErrorResponse>(wallet, message, withLargerScalar(signature));
    expect([refused.status, refused.body.code]).toEqual([401, 'AUTH_004']);
    expect((await logIn(wallet, message, signature)).status).toBe(200);
  });

  it.each([
    ['the neutral element', '0100000000000000000000000000000000000000000000000000000000000000'],
    ['a point of order two', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['a point of order four', '0000000000000000000000000000000000000000000000000000000000000000'],
    ['a point of order eight', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['a coordinate beyond the field', 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
  ])('of a key that is %s signs nothing in', async (_what, hex) => {
    const key = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    const wallet = { address: bs58.encode(key), sign: () => '' };
    const { message } = await askNonce(wallet);
    // R the neutral element and S zero: verifies under such keys wherever cofactors are multiplied away.
    const forged = new Uint8Array(64);
    forged[0] = 1;
    const refused = await logIn<ErrorResponse>(wallet, message, bs58.encode(forged));
    expect([refused.status, refused.body.code]).toEqual([401, 'AUTH_004']);
  });

  it('over other bytes that look the same is not over this text', async () => {
    const secret = ed25519.utils.randomSecretKey();
    const address = bs58.encode(ed25519.getPublicKey(secret));
    const { message } = await askNonce({ address, sign: () => '' });
    const sign = (text: string) => bs58.encode(ed25519.sign(new TextEncoder().encode(text), secret));
    const wallet = { address, sign };
    for (const text of [message.replaceAll('\n', '\r\n'), ` ${message}`, `${message}\n`, `\ufeff${message}`]) {
      expect((await logIn<ErrorResponse>(wallet, message, sign(text))).body.code).toBe('AUTH_004');
      expect((await logIn<ErrorResponse>(wallet, text, sign(text))).status).toBe(401);
    }
  });
});

describe('a sign-in text', () => {
  it.each(['mainnet', 'devnet'] as const)('of this exchange on %s signs nobody in here', async (network) => {
    const wallet = newWallet();
    const { SESSION_KEYS } = settings();
    const there = signInSite({ ...settings(), NETWORK: network });
    const { message } = await createChallenge(SESSION_KEYS, there, wallet.address, Date.now());
    expect((await logIn<ErrorResponse>(wallet, message)).body.code).toBe('AUTH_004');
  });

  it('of another domain signs nobody in here, under the same keys', async () => {
    const wallet = newWallet();
    const { SESSION_KEYS } = settings();
    const there = signInSite({ ...settings(), SIGN_IN_DOMAIN: 'quantdesk.example' });
    const { message } = await createChallenge(SESSION_KEYS, there, wallet.address, Date.now());
    expect((await logIn<ErrorResponse>(wallet, message)).body.code).toBe('AUTH_004');
  });

  it('used twice at the same time signs in once', async () => {
    const wallet = newWallet();
    const { message } = await askNonce(wallet);
    const answers = await Promise.all([logIn(wallet, message), logIn(wallet, message), logIn(wallet, message)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });
});
