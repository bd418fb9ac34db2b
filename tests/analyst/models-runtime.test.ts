import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { protocols } from '#support/llm/llm-server.ts';
import { modelOf, Servers, testKey } from './model-world.ts';

/** The router with its clients and zod, as far as it may grow, gzip. The whole worker may have 10 MB. */
const routerGzipBytesMax = 500_000;

const config = resolve('tests/analyst/runtime/wrangler.toml');
const folder = mkdtempSync(join(tmpdir(), 'quantdesk-models-'));
const servers = new Servers();
let script: string;
let miniflare: Miniflare;

beforeAll(async () => {
  const wrangler = resolve('node_modules/.bin/wrangler');
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder, '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  script = readFileSync(join(folder, 'worker.js'), 'utf8');
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...{ name: 'models', compatibilityDate: '2026-08-01', compatibilityFlags: ['nodejs_compat'] },
      modules: [{ type: 'ESModule', path: 'worker.js', contents: script }],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
});
afterEach(() => servers.close());
afterAll(async () => {
  await miniflare.dispose();
  rmSync(folder, { recursive: true, force: true });
});

async function linesOf(models: readonly object[]): Promise<readonly Record<string, unknown>[]> {
  const body = JSON.stringify({ AI_MODELS: JSON.stringify(models), AI_KEYS: `test:${testKey}` });
  const response = await miniflare.dispatchFetch('http://models/', { method: 'POST', body });
  return (await response.json()) as Record<string, unknown>[];
}

it(`the router is in one bundle of at most ${routerGzipBytesMax / 1_000} KB gzip`, () => {
  expect(gzipSync(script).length).toBeLessThan(routerGzipBytesMax);
  expect(script).not.toMatch(/\bimport\("\.\//);
});

describe.each(protocols)('in the runtime it is deployed to, over %s, the router', (protocol) => {
  it('streams text and runs tools', async () => {
    const server = await servers.start(protocol);
    server.behave(
      { kind: 'answer', toolCalls: [{ name: 'price', args: '{"symbol":"SOL-PERP"}' }] },
      { kind: 'answer', text: ['SOL is at ', '150.25.'], usage: { input: 120, output: 30 } },
    );
    const lines = await linesOf([modelOf(protocol, server.baseUrl)]);
    expect(lines.map(({ type }) => type)).toEqual(['model', 'tool_started', 'tool_ended', 'token', 'token', 'usage']);
  });

  it.each([
    ['500', { kind: 'status', status: 500 }],
    ['silence', { kind: 'hang' }],
    ['a stall', { kind: 'stall', text: [] }],
    ['a reset', { kind: 'cut', text: [], by: 'reset' }],
  ] as const)('takes %s of one model to the next', async (_what, behaviour) => {
    const [failing, healthy] = [await servers.start(protocol), await servers.start(protocol)];
    failing.behave(behaviour);
    healthy.behave({ kind: 'answer', text: ['I take over.'] });
    const other = modelOf(protocol, healthy.baseUrl, { model: 'other' });
    const lines = await linesOf([modelOf(protocol, failing.baseUrl), other]);
    expect(lines[0]).toEqual({ type: 'model', provider: protocol, model: 'other' });
    expect(lines.at(-1)).toMatchObject({ type: 'usage' });
  });

  it('tells an answer that broke off as such', async () => {
    const server = await servers.start(protocol);
    server.behave({ kind: 'cut', text: ['SOL ', 'is '], by: 'reset' });
    const lines = await linesOf([modelOf(protocol, server.baseUrl)]);
    expect(lines.at(-1)).toEqual({ type: 'failure', reason: 'interrupted' });
  });
});
