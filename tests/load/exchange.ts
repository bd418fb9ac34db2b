import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V4MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { createDatabase } from '#db/client.ts';
import { bootstrap } from '../../local/bootstrap/bootstrap.ts';
import { addressOf, type LocalKeys, newKeys } from '../../local/supervisor/keys.ts';
import { workerVariables } from '../../local/supervisor/worker-variables.ts';
import { freePorts } from '../support/free-ports.ts';
import { type ProcessUse, useOf } from './processes.ts';

/** What was counted since the exchange started, by name; see counted-worker.js. */
export type Counts = Readonly<Record<string, number>>;

/** Parts of the exchange that have a process of their own. */
export const partNames = ['worker', 'solana', 'database', 'hermes', 'generator'] as const;
export type PartName = (typeof partNames)[number];
export type Use = Readonly<Record<PartName, ProcessUse>>;

/** The whole exchange, every part in a process of its own, the worker as it is deployed with a counter before it. */
export interface LoadExchange {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly rpcUrl: string;
  readonly hermesUrl: string;
  readonly databaseUrl: string;
  readonly databaseHttpEndpoint: string;
  readonly keys: LocalKeys;
  readonly variables: Readonly<Record<string, string>>;
  counts(): Promise<Counts>;
  /** Processor time and memory by part. */
  use(): Use;
  /** Lines of the worker with level warn or error, the latest ones. */
  failures(): readonly string[];
  close(): Promise<void>;
}

const readyMsMax = 120_000;
const stopMsMax = 10_000;
const sweepEveryMs = 60_000;
const failuresKept = 2_000;
const programFile = 'programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so';

/**
 * Starts it on free ports with a state of its own, and its sweep once a minute, as the platform does, where `sweeps` does not say otherwise.
 *
 * @throws when a part does not come up.
 */
export async function startLoadExchange({ sweeps = true } = {}): Promise<LoadExchange> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-load-'));
  const first = await freePorts();
  const ports = { worker: first, hermes: first + 1, neon: first + 2, solana: first + 3 };
  const keys = newKeys();
  const parts = new Map<Exclude<PartName, 'generator'>, ChildProcess>();
  const failures: string[] = [];
  const sweeping = new AbortController();
  const close = async (): Promise<void> => {
    sweeping.abort();
    for (const name of ['worker', 'solana', 'database', 'hermes'] as const) await end(parts.get(name));
    rmSync(folder, { recursive: true, force: true });
  };
  // However this process ends, none of its parts stays behind.
  process.once('exit', () => [...parts.values()].forEach((child) => child.kill('SIGKILL')));
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  try {
    const hermes = ['local/hermes/main.ts', '--port', String(ports.hermes)];
    parts.set('hermes', (await startPart(hermes)).child);
    const neonArgs = ['local/neon/main.ts', '--port', String(ports.neon), '--data-dir', join(folder, 'postgres')];
    const neon = await startPart(neonArgs);
    parts.set('database', neon.child);
    const solana = await startPart([
      ...['local/solana/main.ts', '--port', String(ports.solana), '--hermes', at(ports.hermes)],
      ...['--program', `${idl.address}=${programFile}`, '--upgrade-authority', addressOf(keys.admin)],
    ]);
    parts.set('solana', solana.child);
    await bootstrap({ rpcUrl: at(ports.solana), keys });
    const { databaseUrl, httpEndpoint } = neon.ready as { databaseUrl: string; httpEndpoint: string };
    const variables = workerVariables({
      ...{ rpcUrl: at(ports.solana), hermesUrl: at(ports.hermes), databaseUrl, databaseHttpEndpoint: httpEndpoint },
      ...{ webPort: first + 5, programId: idl.address, keys },
    });
    // Points the driver of this process at the local server too.
    createDatabase({ databaseUrl, httpEndpoint });
    parts.set('worker', await startCountedWorker(folder, ports.worker, variables, failures));
    await untilReady(at(ports.worker));
    if (sweeps) void sweepUntil(sweeping.signal, at(ports.worker));
    return {
      ...{ url: at(ports.worker), webSocketUrl: `ws://127.0.0.1:${ports.worker}` },
      ...{ rpcUrl: at(ports.solana), hermesUrl: at(ports.hermes), databaseUrl, databaseHttpEndpoint: httpEndpoint },
      ...{ keys, variables },
      counts: () => countsOf(at(ports.worker)),
      use: () => useByPart(parts),
      failures: () => failures,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function useByPart(parts: ReadonlyMap<PartName, ChildProcess>): Use {
  const of = (name: PartName): ProcessUse => useOf(parts.get(name)?.pid ?? -1);
  const own = process.resourceUsage();
  const generator = {
    seconds: (own.userCPUTime + own.systemCPUTime) / 1e6,
    memory: process.memoryUsage.rss(),
  };
  return {
    ...{ worker: of('worker'), solana: of('solana'), database: of('database'), hermes: of('hermes') },
    generator,
  };
}

async function countsOf(url: string): Promise<Counts> {
  const answer = await fetch(`${url}/__counts`, { signal: AbortSignal.timeout(readyMsMax) });
  return (await answer.json()) as Counts;
}

interface StartedPart {
  readonly child: ChildProcess;
  readonly ready: unknown;
}

/** Starts a server of the local network and waits for its line of JSON. */
async function startPart(args: readonly string[]): Promise<StartedPart> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const patience = setTimeout(() => child.kill('SIGKILL'), readyMsMax);
  try {
    for await (const line of lines) if (line.includes('"ready":true')) return { child, ready: JSON.parse(line) };
    throw new Error(`${args[0]} ended before it was ready`);
  } finally {
    clearTimeout(patience);
    child.stdout.resume();
  }
}

/** The bundle as `wrangler deploy` uploads it, in a workerd of its own, with the counter as its main module. */
async function startCountedWorker(
  folder: string,
  port: number,
  bindings: Readonly<Record<string, string>>,
  failures: string[],
): Promise<ChildProcess> {
  const bundle = join(folder, 'bundle');
  mkdirSync(bundle);
  const wrangler = resolve('node_modules', '.bin', 'wrangler');
  execFileSync(process.execPath, [wrangler, 'deploy', '--env=', '--dry-run', '--outdir', bundle], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' },
  });
  copyFileSync('tests/load/counted-worker.js', join(bundle, 'counted.js'));
  const { workerOptions } = workerOptionsOf(resolve('wrangler.toml'));
  const modules = ['counted.js', 'index.js'].map((name) => ({ type: 'ESModule', path: join(bundle, name) }));
  const options = {
    ...{ host: '127.0.0.1', port, cf: false, resourcePersistencePath: join(folder, 'state') },
    unsafeTriggerHandlers: true,
    workers: [{ ...workerOptions, name: 'quantdesk', rootPath: bundle, modulesRoot: bundle, modules, bindings }],
  } as unknown as V4MiniflareOptions;
  const optionsFile = join(folder, 'options.json');
  writeFileSync(optionsFile, JSON.stringify(options), { mode: 0o600 });
  const child = spawn(process.execPath, ['tests/chaos/stack/worker-process.ts', optionsFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const note = (line: string): void => {
    if (!/"level":"(warn|error)"/.test(line)) return;
    failures.push(line);
    if (failures.length > failuresKept) failures.shift();
  };
  createInterface({ input: child.stdout }).on('line', note);
  createInterface({ input: child.stderr }).on('line', note);
  return child;
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + readyMsMax;
  for (;;) {
    const answer = await fetch(`${url}/ready`).catch(() => null);
    const text = (await answer?.text()) ?? '';
    if (answer?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`the exchange is not ready: ${text}`);
    await sleep(200);
  }
}

async function sweepUntil(signal: AbortSignal, url: string): Promise<void> {
  while (!signal.aborted) {
    await sleep(sweepEveryMs, null, { signal }).catch(() => undefined);
    if (!signal.aborted) await sweepOnce(url);
  }
}

/** One run of the cron trigger; a worker that fails it has said so in its log. */
export async function sweepOnce(url: string): Promise<void> {
  await fetch(`${url}/cdn-cgi/local/scheduled`, { signal: AbortSignal.timeout(sweepEveryMs) }).then(
    (answer) => answer.text(),
    String,
  );
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
  await gone;
  clearTimeout(patience);
}
