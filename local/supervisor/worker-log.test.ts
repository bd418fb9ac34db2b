import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { saysRuntimeCrashed, workerLine } from './worker-log.ts';

const entry = (fields: Record<string, unknown>) =>
  JSON.stringify({ time: '2026-11-22T20:00:00.000Z', level: 'info', request_id: 'r-1', ...fields });

it('a log entry reads as its message and its fields, without what repeats', () => {
  const line = workerLine(entry({ message: 'order filled', part: 'account', order_id: 'o-1' }));
  expect(line).toContain('order filled');
  expect(line).toContain('order_id=o-1');
  expect(line).not.toContain('r-1');
});

it('a read that went well is silent, a failed one and every write are shown', () => {
  const request = { message: 'request', path: '/x', duration_ms: 4 };
  expect(workerLine(entry({ ...request, method: 'GET', status: 200 }))).toBeNull();
  expect(workerLine(entry({ ...request, method: 'GET', status: 503 }))).toContain('GET /x → 503');
  expect(workerLine(entry({ ...request, method: 'POST', status: 201 }))).toContain('POST /x → 201');
});

it.each([
  '⎔ Reloading local server...',
  '[wrangler:info] GET /health 200 OK (5 ms)',
  '  env.MARKETS (MarketObject)  Durable Object',
])('what wrangler says of itself is not shown: %s', (line) => expect(workerLine(line)).toBeNull());

it('anything else is shown as it is', () => {
  expect(workerLine('✘ [ERROR] Could not resolve "x"')).toBe('✘ [ERROR] Could not resolve "x"');
});

it('the line in which the installed runtime says that it died is known', () => {
  const source = readFileSync(createRequire(import.meta.url).resolve('miniflare'), 'utf8');
  const [line = ''] = /The Workers runtime[^`"']*restarted/.exec(source) ?? [];
  expect([saysRuntimeCrashed(line), saysRuntimeCrashed('⎔ Reloading local server...')]).toEqual([true, false]);
});
