import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import { freePorts } from './free-ports.ts';

/**
 * The worker as it is deployed (bundled by wrangler) in a workerd of its own, with nothing between a client and it, against a real stack.
 * Two of them can be measured side by side; one can be ended and started again over the same storage.
 */
export interface RunningWorker {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly hermesUrl: string;
  /** Control endpoint of the Hermes replay. */
  readonly hermesControl: string;
  /** How many objects of a class have storage: every one that was ever woken. */
  objectsOf(className: string): number;
  /** Ends workerd and starts it again at the same address: memory is gone, storage stays. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const stackReadyMsMax = 120_000;
const workerReadyMsMax = 60_000;

interface StackLine {
  readonly variables: Record<string, string>;
  readonly controls: { readonly hermes: string };
}

/** Starts stack and worker; `variables` override what the stack says. @throws when either does not come up. */
export async function startWorker(variables: Readonly<Record<string, string>> = {}): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-worker-'));
  const child = spawn(process.execPath, ['tests/support/stack/main.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const close = async (): Promise<void> => {
    child.stdin?.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [stack, script] = await Promise.all([stackOf(child), bundle(join(folder, 'bundle'))]);
    const bindings = { ...stack.variables, ...variables };
    const start = (port: number): Promise<WorkerdServer> =>
      startWorkerd(port, { name: 'exchange', script, persistTo: join(folder, 'state'), bindings });
    // The same port again after a restart: not one that an outgoing connection may get meanwhile.
    let server = await start(await freePorts());
    await untilHealthy(server.url);
    const { url } = server;
    return {
      url,
      webSocketUrl: url.replace(/^http/, 'ws'),
      hermesUrl: bindings.HERMES_URL ?? '',
      hermesControl: stack.controls.hermes,
      objectsOf: (className) => storedObjects(join(folder, 'state'), className),
      restart: async () => {
        await server.close();
        server = await start(Number(new URL(url).port));
        await untilHealthy(url);
      },
      close: async () => {
        await server.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The platform keeps a database per object in a folder per class. */
function storedObjects(stateFolder: string, className: string): number {
  const isOfClass = (path: string): boolean => path.includes(className) && /[0-9a-f]{64}\.sqlite$/.test(path);
  return readdirSync(stateFolder, { recursive: true, encoding: 'utf8' }).filter(isOfClass).length;
}

export interface WorkerdServer {
  readonly url: string;
  close(): Promise<void>;
}

type Miniflare4Options = Parameters<typeof convertV4MiniflareOptions>[0];

interface WorkerdOptions {
  readonly name: string;
  /** Text of the worker's one module. */
  readonly script: string;
  readonly persistTo?: string;
  readonly bindings?: Readonly<Record<string, string>>;
  /** Its objects, by binding; without them everything is bound that `wrangler.toml` names. */
  readonly durableObjects?: Readonly<Record<string, string>>;
}

/** A workerd of its own that runs one worker. */
export async function startWorkerd(port: number, options: WorkerdOptions): Promise<WorkerdServer> {
  const { name, script, persistTo, bindings = {}, durableObjects } = options;
  const configured = workerOptionsOf(resolve('wrangler.toml')).workerOptions;
  const { compatibilityDate, compatibilityFlags } = configured;
  const own = durableObjects === undefined ? configured : { compatibilityDate, compatibilityFlags, durableObjects };
  const miniflare = new Miniflare({
    ...convertV4MiniflareOptions({
      ...own,
      name,
      modules: [{ type: 'ESModule', path: 'index.js', contents: script }],
      bindings,
      host: '127.0.0.1',
      port,
      cf: false,
      log: new Log(LogLevel.ERROR),
      // Its log lines are not what the caller wants to read, what went wrong is.
      handleStructuredLogs: ({ message }) => {
        if (message.includes('"level":"error"')) process.stderr.write(`${message}\n`);
      },
    } as Miniflare4Options),
    ...(persistTo === undefined ? {} : { resourcePersistencePath: persistTo }),
  });
  const url = (await miniflare.ready).origin;
  return { url, close: () => miniflare.dispose() };
}

/** The worker's one module, as `wrangler deploy` uploads it. */
export async function bundle(outDir: string): Promise<string> {
  const args = [resolve('node_modules', '.bin', 'wrangler'), 'deploy', '--dry-run', '--outdir', outDir];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the worker does not bundle: ${said}`);
  return readFileSync(join(outDir, 'index.js'), 'utf8');
}

async function stackOf(child: ChildProcess): Promise<StackLine> {
  if (child.stdout === null) throw new Error('the stack has no output');
  const lines = createInterface({ input: child.stdout });
  const read = (async () => {
    for await (const line of lines) if (line.startsWith('{"variables"')) return JSON.parse(line) as StackLine;
    throw new Error('the stack ended before it was ready');
  })();
  const patience = AbortSignal.timeout(stackReadyMsMax);
  const late = once(patience, 'abort').then(() => Promise.reject(new Error('the stack was not ready in time')));
  const stack = await Promise.race([read, late]);
  // Keeps reading, so that the child never blocks on a full pipe.
  child.stdout.resume();
  return stack;
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = Date.now() + workerReadyMsMax;
  for (;;) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`the worker does not answer: ${answer?.status ?? 'no connection'}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
