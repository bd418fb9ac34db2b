import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { watchHealth } from './health-watch.ts';

const everyMs = 20;
let server: Server | undefined;
afterEach(() => server?.close());

async function serve(status: () => number): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status()).end());
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server?.address() as AddressInfo).port}/`;
}

it('a part that lives and no longer answers is reported hung', async () => {
  let status = 200;
  let hung = 0;
  const end = watchHealth(await serve(() => status), () => hung++, everyMs);
  await sleep(200);
  expect(hung).toBe(0);
  status = 503;
  for (let i = 0; i < 100 && hung === 0; i++) await sleep(50);
  end();
  expect(hung).toBeGreaterThan(0);
});

it('a part that answers again in between is left alone', async () => {
  let requests = 0;
  let hung = 0;
  const url = await serve(() => (++requests % 3 === 0 ? 200 : 503));
  const end = watchHealth(url, () => hung++, everyMs);
  for (let i = 0; i < 100 && requests < 12; i++) await sleep(50);
  end();
  expect(hung).toBe(0);
});
