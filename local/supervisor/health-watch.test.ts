import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { type HealthWatch, watchHealth } from './health-watch.ts';

/** The product's times, shorter. */
const bounds = {
  probeEveryMs: 160,
  closeProbeEveryMs: 30,
  answerMsMax: 250,
  toldOf: { silenceMsMin: 500, failuresMin: 3 },
  unexplained: { silenceMsMin: 1_000, failuresMin: 5 },
};
let server: Server | undefined;
let watch: HealthWatch | undefined;
afterEach(() => {
  watch?.end();
  server?.closeAllConnections();
  server?.close();
});

/** A status to answer with; null for a part that takes requests and never answers. */
async function serve(status: () => number | null): Promise<string> {
  server = createServer((_request, response) => {
    const code = status();
    if (code !== null) response.writeHead(code).end();
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server?.address() as AddressInfo).port}/`;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1_500 && !condition(); i++) await sleep(20);
  expect(condition()).toBe(true);
}

it.each([
  ['answers with failures', 503],
  ['takes requests and never answers', null],
])('a part that lives and %s is reported hung, and again while it stays so', async (_what, broken) => {
  let status: number | null = 200;
  let hung = 0;
  const url = await serve(() => status);
  watch = watchHealth(url, () => hung++, bounds);
  await sleep(500);
  expect(hung).toBe(0);
  status = broken;
  await until(() => hung === 2);
});

it('a part that is doubted is looked at closely at once: silent, it is hung before the next look would have come', async () => {
  let [requests, hung] = [0, 0];
  const url = await serve(() => (requests++, null));
  watch = watchHealth(url, () => hung++, { ...bounds, probeEveryMs: 60_000 });
  watch.doubt();
  await until(() => hung === 1);
  expect(requests).toBe(bounds.toldOf.failuresMin);
});

it('three slow answers in a row end no part of which nothing else was said, however much time they took', async () => {
  let [requests, hung] = [0, 0];
  const url = await serve(() => (++requests % 4 === 0 ? 200 : null));
  const impatient = { ...bounds, unexplained: { ...bounds.unexplained, silenceMsMin: 0 } };
  watch = watchHealth(url, () => hung++, impatient);
  await until(() => requests >= 8);
  expect(hung).toBe(0);
});

it('many failures at once end no part before its time to recover is over', async () => {
  let [requests, hung] = [0, 0];
  const url = await serve(() => (++requests < 20 ? 503 : 200));
  watch = watchHealth(url, () => hung++, { ...bounds, unexplained: { silenceMsMin: 60_000, failuresMin: 5 } });
  await until(() => requests >= 20);
  expect(hung).toBe(0);
});

it.each([
  ['of which nothing was said', false],
  ['that is doubted', true],
])('a jump of the clock alone, as after a sleep of the machine, never ends a part %s', async (_what, doubted) => {
  let [requests, hung, sleptMs] = [0, 0, 0];
  const url = await serve(() => {
    // Every other question is asked before a sleep and lost in it.
    if (++requests % 2 === 0) return 200;
    sleptMs += 3_600_000;
    return null;
  });
  const nowMs = () => performance.now() + sleptMs;
  watch = watchHealth(url, () => hung++, bounds, nowMs);
  for (let i = 1; i <= 3; i++) {
    if (doubted) watch.doubt();
    await until(() => requests >= 2 * i);
  }
  expect(hung).toBe(0);
});

it('a part that answers is left alone, whatever is said of it', async () => {
  let requests = 0;
  let hung = 0;
  const url = await serve(() => (++requests, 200));
  watch = watchHealth(url, () => hung++, bounds);
  for (let i = 0; i < 20; i++) {
    watch.doubt();
    await sleep(30);
  }
  expect([hung, requests > 10]).toEqual([0, true]);
});

it('a part that answers again in between is left alone', async () => {
  let requests = 0;
  let hung = 0;
  const url = await serve(() => (++requests % 3 === 0 ? 200 : 503));
  watch = watchHealth(url, () => hung++, bounds);
  await until(() => requests >= 12);
  expect(hung).toBe(0);
});
