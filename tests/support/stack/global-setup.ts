import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

interface RunningStack {
  readonly variables: Record<string, string>;
  readonly adminSecretKey: string;
  readonly controls: { hermes: string; llm: string; solana: string; neon: string };
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Bindings of the worker under test: addresses of the running stack and its keys. */
    workerVariables: RunningStack['variables'];
    /** Key of the wallet that holds the role admin and the roles of the program, base58. */
    adminSecretKey: RunningStack['adminSecretKey'];
    /** Control endpoints of the stack's servers. */
    stackControls: RunningStack['controls'];
  }
}

const startTimeoutMs = 90_000;
const stopTimeoutMs = 10_000;

/** One stack for all worker tests of a run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['tests/support/stack/main.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const stack = await readiness(child);
  project.provide('workerVariables', stack.variables);
  project.provide('adminSecretKey', stack.adminSecretKey);
  project.provide('stackControls', stack.controls);
  return () => stop(child);
}

/** The first line of JSON the stack prints; fails when it ends or takes too long. */
async function readiness(child: ChildProcess): Promise<RunningStack> {
  if (child.stdout === null) throw new Error('the stack has no output');
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(startTimeoutMs);
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the stack ended with ${String(code)} before it was ready`);
  });
  const ready = (async () => {
    for await (const line of lines) if (line.startsWith('{"variables"')) return JSON.parse(line) as RunningStack;
    return ended;
  })();
  try {
    return await Promise.race([ready, ended]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    // Keeps reading, so that the child never blocks on a full pipe.
    child.stdout.resume();
    ended.catch(() => undefined);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit', { signal: AbortSignal.timeout(stopTimeoutMs) });
  child.stdin?.end();
  await exit.catch(() => child.kill('SIGKILL'));
}
