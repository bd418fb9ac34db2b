import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthResponse } from '#shared/protocol/auth.ts';
import { createApp } from '../../../workers/api/app.ts';
import { MetricTotals } from '../../../workers/platform/metrics/totals.ts';
import type { Sample } from '../../../workers/platform/metrics/registry.ts';
import { until } from '../market/hermes-control.ts';
import { askNonce, call, logIn, newWallet, settings, signIn } from './caller.ts';
import { ApiTrader } from './trader.ts';

type Line = Readonly<Record<string, unknown>>;

const levels = ['debug', 'info', 'warn', 'error'] as const;
/** Everything the worker and its objects log. */
let written: string[] = [];
const lines = (): Line[] => written.flatMap((text) => (text.startsWith('{') ? [JSON.parse(text) as Line] : []));

beforeAll(async () => {
  await call('GET', '/health');
});
beforeEach(() => {
  written = [];
  for (const level of levels) vi.spyOn(console, level).mockImplementation((text) => void written.push(String(text)));
});
afterEach(() => void vi.restoreAllMocks());

describe('the logs', () => {
  it('lead from a request to its transaction and its event, and from the event back to the request', async () => {
    const trader = await ApiTrader.open(1_000);
    const requestId = `follow-${crypto.randomUUID()}`;
    const body = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 1, leverage: 10 };
    const placed = await trader.call<{ order_id: string }>('POST', '/api/trading/orders', {
      body,
      headers: { 'x-request-id': requestId },
    });
    expect([placed.status, placed.headers.get('x-request-id')]).toEqual([201, requestId]);
    const orderId = placed.body.order_id;
    const filled = await until('the order is filled, and says so', async () =>
      lines().find(({ message, order_id }) => message === 'order filled' && order_id === orderId),
    );

    // There: the request, its order, the order's transactions, the event.
    const ofRequest = lines().filter(({ request_id }) => request_id === requestId);
    expect(ofRequest.find(({ message }) => message === 'request')).toMatchObject({ part: 'api', status: 201 });
    const stages = ofRequest.filter(({ order_id }) => order_id === orderId).map(({ message }) => message);
    expect(stages.slice(0, 2)).toEqual(['order accepted', 'order submitted']);
    const sent = ofRequest.flatMap(({ message, signature }) => (message === 'order submitted' ? [signature] : []));
    expect(sent).toContain(filled.signature);
    const read = lines().find(({ message, signature }) => message === 'events read' && signature === filled.signature);
    expect(read).toMatchObject({ part: 'indexer', order_ids: [orderId] });
    expect(read?.events).toContain('PositionIncreased');

    // And back, from what the chain alone says.
    const [id] = (read?.order_ids ?? []) as string[];
    const back = lines().find(({ message, order_id }) => message === 'order accepted' && order_id === id);
    expect(back).toMatchObject({ part: 'account', request_id: requestId, wallet: trader.address });
  });

  it('carry an id that the caller chose, and none that could forge a line', async () => {
    const chosen = `chosen-${crypto.randomUUID()}`;
    await call('GET', '/health', { headers: { 'x-request-id': chosen } });
    expect(lines()).toContainEqual(expect.objectContaining({ message: 'request', request_id: chosen }));
    const forged = await call('GET', '/health', { headers: { 'x-request-id': 'a","level":"error' } });
    expect(forged.status).toBe(400);
    expect(forged.headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
    expect(written.filter((line) => line.includes('a\\",\\"level'))).toEqual([]);
  });

  it('hold no secret and nothing personal, whatever callers do', async () => {
    const wallet = newWallet();
    const ip = '203.0.113.77';
    const headers = { 'cf-connecting-ip': ip };
    const { message } = await askNonce(wallet);
    const signature = wallet.sign(message);
    await logIn(wallet, message, newWallet().sign(message));
    const { body: session } = await logIn<AuthResponse>(wallet, message, signature);
    const again = await logIn(wallet, message, signature);
    expect(again.status).toBe(401);
    const email = `${crypto.randomUUID()}@example.com`;
    const other = await signIn();
    for (const token of [session.token, other.token, `${session.token}x`])
      await call('PATCH', '/api/users/me', { token, body: { email }, headers });
    for (const body of [{ refresh_token: session.refresh_token }, { refresh_token: `${session.refresh_token}x` }])
      await call('POST', '/api/auth/refresh', { body, headers });
    await call('PATCH', '/api/users/me', { token: session.token, text: `{"email":"${email}"`, headers });
    await call('GET', `/api/users/me?token=${session.token}&email=${email}`, { token: session.token, headers });
    await call('POST', '/api/trading/orders', { token: session.token, body: { symbol: email }, headers });
    await createApp().request(
      `https://api.example/health?email=${email}`,
      { headers: { ...headers, authorization: `Bearer ${session.token}`, cookie: `token=${session.token}` } },
      { ...env, DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/none' } as typeof env,
    );
    const nonce = /[Nn]once: (\S+)/.exec(message)?.[1];
    const { KEEPER_SECRET_KEY, FEE_PAYER_SECRET_KEYS, FAUCET_SECRET_KEY, SESSION_KEYS, DATABASE_URL } = settings();
    const hidden = [
      ...[ip, email, signature, nonce, session.token, session.refresh_token, other.token, other.refresh_token],
      ...[KEEPER_SECRET_KEY, ...FEE_PAYER_SECRET_KEYS, FAUCET_SECRET_KEY, ...SESSION_KEYS.map(({ secret }) => secret)],
      ...[DATABASE_URL, 'hunter2'],
    ].filter((text) => text !== undefined);
    expect(hidden.length).toBeGreaterThanOrEqual(13);
    expect(lines().length).toBeGreaterThan(10);
    for (const text of hidden) expect(written.filter((line) => line.includes(text))).toEqual([]);
  });
});

describe('/metrics', () => {
  const scrape = async (): Promise<string> => (await call<string>('GET', '/metrics')).body;
  /** The value of a series; 0 while it has none. */
  const valueOf = (text: string, series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1) ?? 0,
    );

  it('count what the parts do, in Prometheus’ format, and name nobody', async () => {
    const trader = await ApiTrader.signedIn();
    const series = 'quantdesk_http_requests_total{operation="GET /api/trading/orders/{id}",status="4xx"}';
    const before = valueOf(await scrape(), series);
    await trader.call('GET', `/api/trading/orders/${crypto.randomUUID()}`);
    // What an isolate counted may still be on its way to the totals.
    const answer = await until('the request is counted, once', async () => {
      const now = await call<string>('GET', '/metrics');
      return valueOf(now.body, series) - before === 1 && now;
    });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of answer.body.split('\n').filter((text) => !text.startsWith('#'))) {
      expect(line).not.toMatch(/[1-9A-HJ-NP-Za-km-z]{32,}/);
    }
    // An order was traded above: it was counted where it happened, and is shown here.
    for (const counted of ['accepted', 'submitted', 'filled'])
      expect(valueOf(answer.body, `quantdesk_orders_total{market="SOL-PERP",stage="${counted}"}`)).toBeGreaterThan(0);
    expect(valueOf(answer.body, 'quantdesk_order_stage_seconds_count{stage="filled"}')).toBeGreaterThan(0);
    expect(valueOf(answer.body, 'quantdesk_ticks_total{market="SOL-PERP",outcome="accepted"}')).toBeGreaterThan(0);
    expect(valueOf(answer.body, 'quantdesk_indexer_events_total')).toBeGreaterThan(0);
    for (const gauge of ['quantdesk_price_age_seconds{market="SOL-PERP"}', 'quantdesk_indexer_lag_seconds'])
      expect(answer.body).toContain(`\n${gauge} `);
    expect(valueOf(answer.body, 'quantdesk_breaker_state{part="solana"}')).toBe(0);
  });

  it('are read with the token alone where one is configured, and nowhere on a real network without', async () => {
    const token = 'a-token-of-more-than-thirty-two-characters';
    const ask = (change: Record<string, unknown>, given?: string) =>
      Promise.resolve(
        createApp().request(
          'https://api.example/metrics',
          given === undefined ? {} : { headers: { authorization: `Bearer ${given}` } },
          { ...env, ...change } as typeof env,
        ),
      );
    const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;
    expect(await statusOf({ METRICS_TOKEN: token })).toBe(401);
    expect(await statusOf({ METRICS_TOKEN: token }, `${token}x`)).toBe(401);
    expect(await statusOf({ METRICS_TOKEN: token, NETWORK: 'devnet' }, token)).toBe(200);
    const closed = await ask({ NETWORK: 'devnet', METRICS_TOKEN: '' }, token);
    expect([closed.status, ((await closed.json()) as { code: string }).code]).toEqual([404, 'SYSTEM_003']);
    expect(() => settings()).not.toThrow();
  });

  it('never go back behind what was shown: an object that was evicted knows it', async () => {
    const stub = env.METRIC_TOTALS.getByName(crypto.randomUUID());
    const more = (value: number): Sample[] => [{ name: 'quantdesk_dead_letters_total', labels: [], value }];
    const reborn = () =>
      runInDurableObject(stub, (_instance: unknown, { storage }: DurableObjectState) =>
        new MetricTotals(storage.sql).read(),
      );
    await stub.add(more(2));
    expect(await reborn()).toEqual([]);
    expect(await stub.read()).toEqual(more(2));
    await stub.add(more(5));
    expect(await reborn()).toEqual(more(2));
    expect(await stub.read()).toEqual(more(7));
    expect(await reborn()).toEqual(more(7));
  });

  it('take only what the catalogue knows: a count of another version spoils nothing', async () => {
    const stub = env.METRIC_TOTALS.getByName(crypto.randomUUID());
    await stub.add([
      { name: 'quantdesk_of_the_past_total' as 'quantdesk_dead_letters_total', labels: [], value: 1 },
      { name: 'quantdesk_dead_letters_total', labels: ['a label it had'], value: 1 },
      { name: 'quantdesk_risk_check_seconds', labels: ['capped'], value: 1, count: 1, buckets: [1, 0] },
      { name: 'quantdesk_dead_letters_total', labels: [], value: 4 },
    ]);
    expect(await stub.read()).toEqual([{ name: 'quantdesk_dead_letters_total', labels: [], value: 4 }]);
  });
});
