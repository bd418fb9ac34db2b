import { env, exports } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import { createApp } from '../../../workers/api/app.ts';
import { stopClock } from '../worker-clock.ts';
import { until } from '../market/hermes-control.ts';
import { call, origin, settings, signIn } from './caller.ts';

describe('every answer', () => {
  it.each([
    ['GET', '/health'],
    ['GET', '/api/nothing'],
    ['GET', '/api/trading/orders'],
    ['POST', '/api/auth/nonce'],
  ])('of %s %s carries the security headers and forbids caching', async (method, path) => {
    const { headers } = await call(method, path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
  });
});

describe('pages of other origins', () => {
  const preflight = (from: string) =>
    exports.default.fetch(`${origin}/api/trading/orders`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });

  it('that are configured may read answers and send what the API takes', async () => {
    const [allowed = ''] = settings().ALLOWED_ORIGINS;
    const { headers } = await preflight(allowed);
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
    expect(headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    const answer = await call('GET', '/health', { headers: { origin: allowed } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(answer.headers.get('access-control-expose-headers')).toContain('X-Next-Cursor');
  });

  it.each(['https://evil.example', 'null', 'http://localhost:5173.evil.example'])('%s may not', async (from) => {
    const { headers } = await preflight(from);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(
      (await call('GET', '/health', { headers: { origin: from } })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  it('that are refused by an error can read why when they are configured', async () => {
    const [allowed = ''] = settings().ALLOWED_ORIGINS;
    const { headers } = await call('GET', '/api/trading/orders', { headers: { origin: allowed } });
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
  });
});

describe('trading commands', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('are counted exactly: a hundred in a minute, then 429 with the time to wait', async () => {
    const { token } = await signIn();
    const send = () => call('DELETE', '/api/trading/orders', { token });
    stopClock();
    const first = await send();
    expect(first.headers.get('ratelimit-policy')).toBe('"trading";q=100;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"trading";r=99;t=\d+$/);
    const rest = await Promise.all(Array.from({ length: 99 }, send));
    expect(rest.filter(({ status }) => status === 429)).toEqual([]);
    const refused = await send();
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_001']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit')).toMatch(/^"trading";r=0;t=\d+$/);
  });

  it('of one trader do not use up those of another, and reads do not count', async () => {
    const [one, other] = [await signIn(), await signIn()];
    stopClock();
    await Promise.all(Array.from({ length: 100 }, () => call('DELETE', '/api/trading/orders', { token: one.token })));
    expect((await call('DELETE', '/api/trading/orders', { token: one.token })).status).toBe(429);
    expect((await call('GET', '/api/trading/orders', { token: one.token })).status).toBe(200);
    expect((await call('DELETE', '/api/trading/orders', { token: other.token })).status).toBe(200);
  });
});

describe('sign-in requests', () => {
  it('are limited per address', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.7' };
    const ask = () => call('POST', '/api/auth/refresh', { body: { refresh_token: 'x' }, headers });
    // A minute may begin in the middle of so many, and then they are counted anew.
    const refused = await until('one is refused', async () => {
      const answers = await Promise.all(Array.from({ length: 125 }, ask));
      return answers.find(({ status }) => status === 429);
    });
    expect([refused.body.code, refused.headers.get('retry-after')]).toEqual(['RATE_001', '60']);
    const elsewhere = await call('POST', '/api/auth/refresh', {
      body: { refresh_token: 'x' },
      headers: { 'cf-connecting-ip': '203.0.113.8' },
    });
    expect(elsewhere.body.code).toBe('AUTH_006');
  });
});

describe('on real networks', () => {
  const request = (url: string, change: Record<string, unknown>) =>
    Promise.resolve(createApp().request(url, {}, { ...env, ...change } as typeof env));

  it('plain HTTP is sent to HTTPS, with its path and query, and remembered to be', async () => {
    const mainnet = { NETWORK: 'mainnet', FAUCET_SECRET_KEY: '' };
    const response = await request('http://api.example/api/market/prices?symbols=SOL-PERP', mainnet);
    expect([response.status, response.headers.get('location')]).toEqual([
      308,
      'https://api.example/api/market/prices?symbols=SOL-PERP',
    ]);
    const secure = await request('https://api.example/health', mainnet);
    expect(secure.status).toBe(200);
    expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=63072000; includeSubDomains/);
  });

  it('mainnet has no faucet', async () => {
    const app = createApp();
    const mainnet = { ...env, NETWORK: 'mainnet', FAUCET_SECRET_KEY: '' } as typeof env;
    const body = JSON.stringify({ wallet_address: '11111111111111111111111111111111' });
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    const response = await app.request('https://api.example/api/dev/faucet', init, mainnet);
    expect((await response.json<ErrorResponse>()).code).toBe('SYSTEM_006');
  });

  it('a worker with bad variables answers 500 and tells nobody their values', async () => {
    const response = await request('https://api.example/api/config', { KEEPER_SECRET_KEY: 'half-a-secret' });
    const text = await response.text();
    expect([response.status, (JSON.parse(text) as ErrorResponse).code]).toEqual([500, 'SYSTEM_001']);
    expect(text).not.toMatch(/half-a-secret|KEEPER/);
  });
});

describe('many readers at once', () => {
  it('are all answered, though they share the calls to the markets', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call<unknown[]>('GET', '/api/market/prices')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});
