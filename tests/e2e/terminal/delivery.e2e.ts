import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startPagesApi } from '#support/terminal/pages-api.ts';
import { openScreen, phone, shownMsMax } from '#support/terminal/screen.ts';
import { describe, expect, inject, test } from 'vitest';
import type { FirstLoad } from '../../../scripts/lib/web-bundle.ts';

/** JavaScript of the first load of a market's screen, chart included, gzip. */
const scriptBytesMax = 200_000;
/** After the chart is drawn: time for whatever else would load or move. */
const settledMs = 3_000;

const terminal = inject('terminal');
const get = (path: string) => fetch(new URL(path, terminal.webUrl));
const header = async (path: string, name: string) => (await get(path)).headers.get(name);

describe('what the pages are served with', () => {
  test('the policy names the exchange of this deployment, and no other host', async () => {
    const policy = await header('/', 'content-security-policy');
    const api = terminal.apiUrl;
    expect(policy).toContain(`connect-src 'self' ${api} ${api.replace('http', 'ws')};`);
    expect(policy).not.toMatch(/unsafe|https?:\/\/(?!127\.0\.0\.1)/);
    const exchange = (await (await fetch(new URL('/api/config', api))).json()) as { usdc_mint: string };
    expect(await (await get('/config.json')).json()).toEqual({
      ...{ apiOrigin: api, network: 'local', usdcMint: exchange.usdc_mint, signInDomain: '' },
    });
  });

  test('no other window, frame or site reaches into a page', async () => {
    expect(await header('/', 'cross-origin-opener-policy')).toBe('same-origin');
    expect(await header('/', 'cross-origin-resource-policy')).toBe('same-origin');
    expect(await header('/', 'x-frame-options')).toBe('DENY');
    expect(await header('/', 'access-control-allow-origin')).toBeNull();
    expect(await header('/', 'x-content-type-options')).toBe('nosniff');
    expect(await header('/', 'referrer-policy')).toBe('no-referrer');
  });

  test('files that carry their hash are kept for good; the page and its configuration are asked for again', async () => {
    const page = await (await get('/')).text();
    const [script = ''] = /\/assets\/[\w.-]+\.js/.exec(page) ?? [];
    expect(await header(script, 'cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await header('/', 'cache-control')).toContain('must-revalidate');
    expect(await header('/config.json', 'cache-control')).toBe('no-cache');
  });

  test('every address of the terminal is answered with its page', async () => {
    for (const path of ['/trade/BTC-PERP', '/portfolio', '/settings', '/no/such/page']) {
      const answer = await get(path);
      expect([path, answer.status, (await answer.text()).includes('id="root"')]).toEqual([path, 200, true]);
    }
  });

  test('a script of another release is missing, and not a page that would be kept in its place', async () => {
    const answer = await get('/assets/trade-page-0000.js');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });
});

test('`wrangler pages deploy` uploads the built terminal beside the worker’s wrangler.toml: every file, its headers, and no code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-deploy-'));
  const api = await startPagesApi('account', 'quantdesk');
  try {
    copyFileSync('wrangler.toml', join(folder, 'wrangler.toml'));
    const args = ['pages', 'deploy', terminal.distDir, '--project-name', 'quantdesk', '--branch', 'main'];
    await promisify(execFile)(process.execPath, [resolve('node_modules/.bin/wrangler'), ...args], {
      cwd: folder,
      env: {
        ...process.env,
        CLOUDFLARE_API_BASE_URL: api.url,
        CLOUDFLARE_ACCOUNT_ID: 'account',
        CLOUDFLARE_API_TOKEN: 'token',
        WRANGLER_SEND_METRICS: 'false',
        HOME: folder,
      },
    });
    const [deployment] = api.deployments;
    const pageHash = deployment?.manifest['/index.html'] ?? '';
    expect(api.uploaded.get(pageHash)).toBe(readFileSync(join(terminal.distDir, 'index.html'), 'utf8'));
    expect(Object.keys(deployment?.manifest ?? {})).toEqual(expect.arrayContaining(['/config.json', '/theme.js']));
    expect(deployment?.steering).toEqual({ _headers: readFileSync(join(terminal.distDir, '_headers'), 'utf8') });
  } finally {
    api.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('the first load of a market', () => {
  test.each([
    ['a desktop', {}],
    ['a phone', phone],
  ])(
    'on %s takes at most 200 KB of JavaScript with the chart, and nothing moves once it is there',
    async (_on, look) => {
      const screen = await openScreen({ url: terminal.webUrl, ...look });
      try {
        const scripts = new Map<string, Promise<Buffer>>();
        screen.page.on('response', (response) => {
          const { pathname } = new URL(response.url());
          if (pathname.endsWith('.js')) scripts.set(pathname, response.body());
        });
        await screen.page.addInitScript(() => {
          const page = window as unknown as { shifts: string[] };
          page.shifts = [];
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & {
              value: number;
              sources?: { node?: Node }[];
            })[])
              page.shifts.push(
                `${entry.value}: ${entry.sources?.map(({ node }) => (node as Element | undefined)?.outerHTML?.slice(0, 120)).join(' | ')}`,
              );
          }).observe({ type: 'layout-shift', buffered: true });
        });
        await screen.goto('/trade/SOL-PERP');
        await screen.page.getByTestId('chart').locator('canvas').first().waitFor();
        await screen.reads('price', /\d/);
        await screen.page.waitForTimeout(settledMs);
        const bodies = await Promise.all(scripts.values());
        const loaded = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
        expect(loaded).toBeLessThanOrEqual(scriptBytesMax);
        const shifts = await screen.page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
        const shifted = shifts.reduce((sum, shift) => sum + Number.parseFloat(shift), 0);
        expect(shifted.toFixed(3), shifts.join('\n')).toBe('0.000');
        const told = JSON.parse(readFileSync(join(terminal.distDir, '..', 'first-load.json'), 'utf8')) as FirstLoad;
        const budgeted = told.files.map(({ name }) => `/${name}`);
        const unbudgeted = [...scripts.keys()].filter((name) => !['/theme.js', ...budgeted].includes(name));
        expect(unbudgeted).toEqual([]);
        screen.metNoProblem();
      } finally {
        await screen.close();
      }
    },
  );
});

test('a terminal whose configuration cannot be read says so and offers to try again', async () => {
  const screen = await openScreen({ url: terminal.webUrl });
  try {
    let broken = true;
    await screen.page.route('**/config.json', (route) => (broken ? route.abort() : route.continue()));
    await screen.goto('/trade/SOL-PERP');
    await screen.page.getByText('The terminal could not start').waitFor({ timeout: shownMsMax });
    await screen.isAccessible();
    broken = false;
    await screen.page.getByRole('button', { name: 'Try again' }).click();
    await screen.reads('price', /\d/);
  } finally {
    await screen.close();
  }
});
