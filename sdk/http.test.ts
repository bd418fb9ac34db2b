import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { decodeJson, encodeJson } from '#shared/money/json.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { priceCodec } from '#shared/money/codecs.ts';
import * as z from 'zod';

import { ApiError } from './errors.ts';
import { HttpClient, type HttpOptions } from './http.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const anything = z.unknown();

let server: Server;
let answers: Handler[];
let requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

const refusal = (code: string, retryable: boolean) => ({
  error: 'X',
  code,
  message: 'why',
  retryable,
  request_id: 'r-1',
});

beforeEach(async () => {
  [answers, requests] = [[], []];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response, body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function client(options: Partial<HttpOptions> = {}): HttpClient {
  return new HttpClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    parse: decodeJson,
    stringify: encodeJson,
    ...options,
    bounds: { retryDelayMsBase: 1, retryDelayMsMax: 2, ...options.bounds },
  });
}

const failure = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => Promise.reject(new Error('should have failed')),
    (error: unknown) => (error instanceof ApiError ? error : Promise.reject(error)),
  );

test('decimals arrive with every digit', async () => {
  answers = [json(200, '{"price": 90071992547.40993001}')];
  const schema = z.object({ price: priceCodec });
  expect(await client().request('GET', '/x', schema)).toEqual({ price: 9_007_199_254_740_993_001n });
});

test('an answer that does not fit its schema is refused', async () => {
  answers = [json(200, '{"price": -1}')];
  const error = await failure(client().request('GET', '/x', z.object({ price: priceCodec })));
  expect(error.code).toBe('CLIENT_BAD_ANSWER');
});

test('a refusal carries code, message, request id and details', async () => {
  answers = [
    json(422, { ...refusal('TRADING_002', false), details: [{ path: 'quantity', message: 'too large' }, 'noise'] }),
  ];
  const error = await failure(client().request('POST', '/x', anything, { body: {} }));
  expect(error).toMatchObject({ status: 422, code: 'TRADING_002', message: 'why', retryable: false, requestId: 'r-1' });
  expect(error.details).toEqual([{ path: 'quantity', message: 'too large' }]);
});

test('a retryable read is tried again, at most twice more', async () => {
  answers = [json(503, refusal('SYSTEM_002', true))];
  await failure(client().request('GET', '/x', anything));
  expect(requests).toHaveLength(3);
});

test('a read that succeeds on retry gives its answer', async () => {
  answers = [json(503, refusal('CHAIN_001', true)), json(200, { fine: true })];
  expect(await client().request('GET', '/x', anything)).toEqual({ fine: true });
});

test('a refusal that is not retryable is not tried again', async () => {
  answers = [json(404, refusal('TRADING_001', false))];
  await failure(client().request('GET', '/x', anything));
  expect(requests).toHaveLength(1);
});

test('a command is repeated under its one key, and never without one', async () => {
  answers = [json(503, refusal('SYSTEM_002', true)), json(201, { fine: true })];
  await client().request('POST', '/x', anything, { body: { a: 1 }, idempotencyKey: 'k-1' });
  expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['k-1', 'k-1']);
  answers = [json(503, refusal('SYSTEM_002', true))];
  await failure(client().request('POST', '/x', anything, { body: { a: 1 } }));
  expect(requests).toHaveLength(3);
});

test('a command whose twin still runs is asked for again until its answer is there', async () => {
  answers = [json(409, refusal('TRADING_010', true)), json(201, { fine: true })];
  expect(await client().request('POST', '/x', anything, { idempotencyKey: 'k-1' })).toEqual({ fine: true });
});

test('a post without an effect may be repeated without a key', async () => {
  answers = [json(503, refusal('SYSTEM_002', true)), json(200, { fine: true })];
  await client().request('POST', '/x', anything, { body: {}, repeatable: true });
  expect(requests).toHaveLength(2);
});

test('an answer that is no JSON comes as its text, its refusals as errors', async () => {
  answers = [json(200, 'a,b\n1,2\n'), json(403, refusal('AUTH_007', false))];
  expect(await client().text('/export.csv')).toBe('a,b\n1,2\n');
  expect((await failure(client().text('/export.csv'))).code).toBe('AUTH_007');
});

test('a wait longer than the bound is left to the caller', async () => {
  answers = [json(429, refusal('RATE_001', true), { 'retry-after': '60' })];
  const error = await failure(client().request('GET', '/x', anything));
  expect(error.retryAfterMs).toBe(60_000);
  expect(requests).toHaveLength(1);
});

test('an expired token is refreshed once and the request repeated with the new one', async () => {
  let token = 'old';
  answers = [json(401, refusal('AUTH_002', false)), json(200, { fine: true })];
  const refreshing = client({ accessToken: () => token, refresh: () => ((token = 'new'), Promise.resolve(true)) });
  await refreshing.request('GET', '/x', anything, { auth: true });
  expect(requests.map((request) => request.headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
});

test('a token that stays expired is not refreshed in a circle', async () => {
  let refreshes = 0;
  answers = [json(401, refusal('AUTH_002', false))];
  const error = await failure(
    client({ refresh: () => ((refreshes += 1), Promise.resolve(true)) }).request('GET', '/x', anything, { auth: true }),
  );
  expect(error.code).toBe('AUTH_002');
  expect(refreshes).toBe(1);
});

test('a public request does not reveal the token', async () => {
  answers = [json(200, {})];
  await client({ accessToken: () => 'secret' }).request('GET', '/x', anything);
  expect(requests[0]?.headers.authorization).toBeUndefined();
});

test('an exchange that does not answer is a timeout', async () => {
  answers = [() => undefined];
  const error = await failure(
    client({ bounds: { requestTimeoutMs: 30, retriesMax: 0 } }).request('GET', '/x', anything),
  );
  expect(error).toMatchObject({ code: 'CLIENT_TIMEOUT', retryable: true });
});

test("a caller's abort is not reported as a timeout and not retried", async () => {
  const caller = new AbortController();
  answers = [() => caller.abort()];
  const error = await failure(client().request('GET', '/x', anything, { signal: caller.signal }));
  expect(error.code).toBe('CLIENT_ABORTED');
  expect(requests).toHaveLength(1);
});

test('an unreachable exchange is said in words', async () => {
  const error = await failure(client({ baseUrl: 'http://127.0.0.1:9' }).request('POST', '/x', anything, { body: {} }));
  expect(error).toMatchObject({ status: 0, code: 'CLIENT_NETWORK' });
});

test("a proxy's error page is not taken for an answer", async () => {
  answers = [json(502, '<html>bad gateway</html>')];
  const error = await failure(client({ bounds: { retriesMax: 0 } }).request('GET', '/x', anything));
  expect(error).toMatchObject({ status: 502, code: 'CLIENT_BAD_ANSWER', retryable: true });
});

test('a list comes with its next cursor', async () => {
  answers = [json(200, [1, 2], { 'x-next-cursor': 'c2' })];
  expect(await client().page('/x', z.number(), { query: { limit: 2, symbols: ['A', 'B'], none: undefined } })).toEqual({
    items: [1, 2],
    nextCursor: 'c2',
  });
  expect(requests[0]?.url).toBe('/x?limit=2&symbols=A%2CB');
});
