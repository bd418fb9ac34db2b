import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { DatabaseUnavailable } from '#db/errors.ts';
import { openTestPglite } from '#support/database/test-database.ts';
import type { TestDatabase } from '#support/database/test-database.ts';

const requestTimeoutMs = 400;
/** Where an answer is expected: a busy machine may be slow about it. */
const patientMs = 10_000;

describe('a database that is down', () => {
  let opened: TestDatabase;
  const database = (timeoutMs = patientMs) => {
    const { databaseUrl, httpEndpoint } = opened.neon;
    return createDatabase({ databaseUrl, httpEndpoint, requestTimeoutMs: timeoutMs, attemptsMax: 2 });
  };
  const control = (mode: string) =>
    fetch(new URL('/_control', opened.neon.httpEndpoint), { method: 'POST', body: JSON.stringify({ mode }) });

  beforeAll(async () => {
    opened = await openTestPglite();
  });
  afterAll(async () => opened.close());
  beforeEach(async () => {
    await control('ok');
  });

  it.each(['refuse', 'hang', 'error'])('is reported as unavailable within the time limits (%s)', async (mode) => {
    await control(mode);
    const startedAt = performance.now();
    await expect(database(requestTimeoutMs).ping()).rejects.toThrow(DatabaseUnavailable);
    expect(performance.now() - startedAt).toBeLessThan(2 * requestTimeoutMs + 10_000);
  });

  it('serves again once it is back, without a restart', async () => {
    const client = database();
    await control('refuse');
    await expect(client.ping()).rejects.toThrow(DatabaseUnavailable);
    await control('ok');
    await expect(client.ping()).resolves.toBeUndefined();
  });

  it('is tried again once before it is given up', async () => {
    await control('error');
    const back = setTimeout(() => void control('ok'), 20);
    let answered = 0;
    // Each try waits up to 50 ms at random; of many, some second tries come after it is back.
    for (let i = 0; i < 20; i++)
      answered += await database()
        .ping()
        .then(
          () => 1,
          () => 0,
        );
    clearTimeout(back);
    expect(answered).toBeGreaterThan(0);
  });

  it('refuses a mode it does not know', async () => {
    expect((await control('explode')).status).toBe(400);
  });
});

describe('something else at the database address', () => {
  let server: Server;
  let answer: { status: number; body: string; cut?: boolean };
  let port = 0;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { 'content-length': answer.body.length + (answer.cut === true ? 10 : 0) });
      response.write(answer.body);
      if (answer.cut === true) setTimeout(() => response.destroy(), 20);
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());
  const ping = () =>
    createDatabase({
      databaseUrl: `postgres://user:secret@127.0.0.1:${port}/x`,
      httpEndpoint: `http://127.0.0.1:${port}/sql`,
      requestTimeoutMs,
    }).ping();

  it.each([
    ['a page of a proxy', { status: 200, body: '<html>' }],
    ['a gateway failure', { status: 502, body: 'bad gateway' }],
    ['an answer that breaks off', { status: 200, body: '{"results":', cut: true }],
  ])('is reported as unavailable: %s', async (_what, reply) => {
    answer = reply;
    const error: unknown = await ping().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(String(error)).not.toContain('secret');
  });

  it('is named without its password when the URL is none', () => {
    expect(() => createDatabase({ databaseUrl: 'not a url: secret' })).toThrow(/^DATABASE_URL is not a URL$/);
  });
});
