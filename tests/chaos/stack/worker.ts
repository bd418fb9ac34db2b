import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V4MiniflareOptions } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import type { Fault } from '../../../workers/platform/failpoint-faults.ts';
import { freePorts } from '../../support/free-ports.ts';

const readyMsMax = 90_000;
const answerMsMax = 30_000;
const logCharactersMax = 200_000;
const linesShownMax = 25;

/** The worker in a workerd of its own, built with its failpoints: killed and started again over the same storage. */
export class WorkerUnderTest {
  readonly url: string;
  readonly #folder: string;
  readonly #optionsFile: string;
  #child: ChildProcess | null = null;
  #log = '';

  constructor(folder: string, optionsFile: string, port: number) {
    this.#folder = folder;
    this.#optionsFile = optionsFile;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Builds the bundle once; `start` runs it. */
  static async build(variables: Readonly<Record<string, string>>): Promise<WorkerUnderTest> {
    const folder = mkdtempSync(join(tmpdir(), 'quantdesk-chaos-'));
    const bundle = join(folder, 'bundle');
    mkdirSync(bundle);
    bundleTo(bundle);
    const port = await freePorts();
    const { workerOptions } = workerOptionsOf(resolve('wrangler.toml'));
    const options = {
      host: '127.0.0.1',
      port,
      resourcePersistencePath: join(folder, 'state'),
      unsafeTriggerHandlers: true,
      cf: false,
      workers: [
        {
          ...workerOptions,
          name: 'quantdesk',
          rootPath: bundle,
          modulesRoot: bundle,
          modules: [{ type: 'ESModule', path: join(bundle, 'index.js') }],
          bindings: variables,
        },
      ],
    } as V4MiniflareOptions;
    const optionsFile = join(folder, 'options.json');
    writeFileSync(optionsFile, JSON.stringify(options), { mode: 0o600 });
    return new WorkerUnderTest(folder, optionsFile, port);
  }

  /** Its latest warnings and errors, to explain a failed case. */
  failures(): string {
    const lines = this.#log.split('\n').filter((line) => /"level":"(warn|error)"/.test(line));
    return lines.slice(-linesShownMax).join('\n');
  }

  /** Starts it, without faults, and waits until it answers. */
  async start(): Promise<void> {
    const script = new URL('worker-process.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script, this.#optionsFile], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#log = (this.#log + String(chunk)).slice(-logCharactersMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const deadline = Date.now() + readyMsMax;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the worker did not start\n${this.#log}`);
      await sleep(50);
    }
  }

  /** Ends everything of it at once, as a machine that loses its power would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Replaces the armed faults. */
  async arm(faults: readonly Fault[]): Promise<void> {
    await this.#control({ method: 'POST', body: JSON.stringify({ arm: faults }) });
  }

  /** How often the armed faults happened, in the order they were armed. */
  async happened(): Promise<number[]> {
    const { armed } = (await this.#control({ method: 'GET' })) as { armed: { happened: number }[] };
    return armed.map(({ happened }) => happened);
  }

  /** One run of the cron trigger. False where the worker failed it. */
  async sweep(): Promise<boolean> {
    const answer = await fetch(`${this.url}/cdn-cgi/local/scheduled`, {
      signal: AbortSignal.timeout(answerMsMax),
    }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }

  async #control(init: RequestInit): Promise<unknown> {
    const answer = await fetch(`${this.url}/__failpoints`, { ...init, signal: AbortSignal.timeout(answerMsMax) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`faults were refused: ${text}`);
    return JSON.parse(text);
  }

  async #answers(): Promise<boolean> {
    const answer = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(1_000) }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.ok === true;
  }
}

/** The worker as it is deployed, but for its failpoints. */
function bundleTo(folder: string): void {
  const wrangler = resolve('node_modules', '.bin', 'wrangler');
  execFileSync(
    process.execPath,
    [wrangler, 'deploy', '--env=', '--dry-run', '--outdir', folder, '--define', 'FAILPOINTS:true'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
    },
  );
}
