import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { afterAll, describe, expect, it } from 'vitest';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import { FAILPOINTS_BY_NAME } from '../../workers/platform/failpoint-names.ts';

const bundleTimeoutMs = 120_000;
const controlPath = '/__failpoints';
const folder = mkdtempSync(join(tmpdir(), 'quantdesk-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `wrangler deploy` would upload. */
function bundle(name: string, flags: readonly string[]): string {
  const outDir = join(folder, name);
  mkdirSync(join(folder, 'assets'), { recursive: true });
  const wrangler = resolve('node_modules', '.bin', 'wrangler');
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', outDir, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  return readFileSync(join(outDir, 'index.js'), 'utf8');
}

const namesIn = (script: string): string[] =>
  [...Object.keys(FAILPOINTS_BY_NAME), controlPath].filter((name) => script.includes(name));

describe('failpoints', () => {
  it('each is reached by the worker', () => {
    const sources = globSync('workers/**/*.ts').map((path) => readFileSync(path, 'utf8'));
    const called = new Set(
      sources.flatMap((text) => [...text.matchAll(/failpoint\('([a-z_.]+)'/g)].map(([, name]) => name)),
    );
    expect(called).toEqual(new Set(Object.keys(FAILPOINTS_BY_NAME)));
  });

  it.each(['staging', 'production'])(
    'none is left in the bundle of %s, nor a way to arm one',
    (environment) => {
      const flags = ['--env', environment, '--assets', join(folder, 'assets')];
      expect(namesIn(bundle(environment, flags))).toEqual([]);
    },
    bundleTimeoutMs,
  );

  it(
    'all of them are in a test build, so that the search above would find them',
    () => {
      const script = bundle('test', ['--env=', '--define', 'FAILPOINTS:true']);
      expect(namesIn(script)).toEqual([...Object.keys(FAILPOINTS_BY_NAME), controlPath]);
    },
    bundleTimeoutMs,
  );

  it(
    'the bundle of production loads in the runtime: nothing in it does at once what only a handler may do',
    async () => {
      const { workerOptions } = workerOptionsOf(resolve('wrangler.toml'));
      const script = readFileSync(join(folder, 'production', 'index.js'), 'utf8');
      const miniflare = new Miniflare(
        convertV4MiniflareOptions({
          ...workerOptions,
          name: 'production',
          modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
        } as Parameters<typeof convertV4MiniflareOptions>[0]),
      );
      await expect(miniflare.ready).resolves.toBeInstanceOf(URL);
      await miniflare.dispose();
    },
    bundleTimeoutMs,
  );
});
