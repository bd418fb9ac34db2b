import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConfigResponse } from '#shared/protocol/config.ts';
import { startExchange, type RunningExchange } from '../running-exchange.ts';
import { servePages, type ServedPages } from './pages-server.ts';

/** The terminal as it is deployed, served by Cloudflare's own server for pages, and the exchange it talks to across origins. */
export interface RunningTerminal {
  readonly exchange: RunningExchange;
  /** The built files. */
  readonly distDir: string;
  close(): Promise<void>;
}

/** Builds the terminal, starts an exchange, and serves the one to the pages of the other. @throws when a part does not come up. */
export async function startTerminal(): Promise<RunningTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-terminal-'));
  const distDir = join(folder, 'dist');
  let exchange: RunningExchange | undefined;
  let pages: ServedPages | undefined;
  const close = async (): Promise<void> => {
    await pages?.close();
    await exchange?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    exchange = await startExchange({ web: false });
    await buildInto(distDir, exchange.apiUrl);
    pages = await servePages(distDir, exchange.webUrl);
    return { exchange, distDir, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** For the exchange that answers there, its network and its token. Leaves the sizes of the first load beside it. In a process of its own: a build inside the test runner would be one for tests. */
export async function buildInto(distDir: string, apiOrigin: string): Promise<void> {
  const env = { ...process.env, NODE_ENV: 'production' };
  const report = resolve(distDir, '..', 'first-load.json');
  const answer = await fetch(new URL('/api/config', apiOrigin));
  const { network, usdc_mint: mint } = (await answer.json()) as Pick<ConfigResponse, 'network' | 'usdc_mint'>;
  const signsFor = ['--network', network, '--usdc-mint', mint];
  const args = ['scripts/build.ts', apiOrigin, ...signsFor, '--out-dir', distDir, '--report', report];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  const said = textOf(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the terminal does not build: ${said()}`);
}

/** What a process said, its last lines alone. */
function textOf(child: ChildProcess): () => string {
  const charactersMax = 4_000;
  let said = '';
  const keep = (chunk: Buffer) => (said = (said + String(chunk)).slice(-charactersMax));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => said;
}
