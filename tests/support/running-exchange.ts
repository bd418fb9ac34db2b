import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';

/** The whole exchange as `npm start` runs it, on ports of its own and with a state of its own. */
export interface RunningExchange {
  readonly webUrl: string;
  readonly apiUrl: string;
  readonly hermesUrl: string;
  /** JSON-RPC of its local Solana. */
  readonly rpcUrl: string;
  /** Where it keeps its keys and its run file. */
  readonly stateDir: string;
  /** The last lines it wrote, for a failure's message. */
  log(): string;
  close(): Promise<void>;
}

const readyMsMax = 120_000;
const stopMsMax = 20_000;
const logLinesMax = 200;

export interface ExchangeOptions {
  /** Run the terminal's dev server too; without it `webUrl` is where pages are allowed to come from, and nothing answers there. */
  readonly web?: boolean;
}

/** Starts it and waits until it says that it is ready. @throws with its log when it does not come up. */
export async function startExchange({ web: withWeb = true }: ExchangeOptions = {}): Promise<RunningExchange> {
  const stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-e2e-'));
  const first = await freePorts();
  const [worker, web, hermes, neon, solana] = [first, first + 1, first + 2, first + 3, first + 4];
  const ports = [
    `--worker-port=${worker}`,
    `--web-port=${web}`,
    `--hermes-port=${hermes}`,
    `--neon-port=${neon}`,
    `--solana-port=${solana}`,
    withWeb ? '--web' : '--no-web',
  ];
  const child = spawn(process.execPath, ['local/supervisor/main.ts', '--fresh', `--state-dir=${stateDir}`, ...ports], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines.push(...String(chunk).split('\n'));
    lines.splice(0, Math.max(0, lines.length - logLinesMax));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const log = () => lines.join('\n');
  const close = async () => {
    await stop(child);
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await untilReady(child, () => lines.some((line) => line.includes('is ready after')));
  } catch (error) {
    await close();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${log()}`, { cause: error });
  }
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    webUrl: at(web),
    apiUrl: at(worker),
    hermesUrl: at(hermes),
    rpcUrl: at(solana),
    stateDir,
    log,
    close,
  };
}

async function untilReady(child: ChildProcess, isReady: () => boolean): Promise<void> {
  const deadline = Date.now() + readyMsMax;
  while (!isReady()) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the exchange ended with ${child.signalCode ?? child.exitCode}`);
    if (Date.now() > deadline) throw new Error(`the exchange was not ready after ${readyMsMax / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ctrl-C first; what does not listen is ended with its whole group. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const patience = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), stopMsMax);
  await gone;
  clearTimeout(patience);
}
