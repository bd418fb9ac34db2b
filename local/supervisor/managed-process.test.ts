import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ManagedProcess, type ProcessPlan } from './managed-process.ts';
import { RunFile } from './run-file.ts';

const readyMsMax = 5_000;
const running: ManagedProcess[] = [];

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A part that starts a child of its own, as wrangler does with workerd, and prints both pids. */
const parentWithChild = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(JSON.stringify({ ready: true, pid: process.pid, child: child.pid }));
  setInterval(() => {}, 1000);
`;

function start(script: string, pids: (number | null)[] = []): { part: ManagedProcess; lines: string[] } {
  const lines: string[] = [];
  const plan: ProcessPlan = {
    name: 'part',
    command: process.execPath,
    args: ['-e', script],
    show: () => null,
    ready: async (signal, nextLine) => {
      lines.push(await nextLine((line) => line.includes('ready'), signal));
    },
  };
  const part = new ManagedProcess(plan, (_name, pid) => pids.push(pid));
  running.push(part);
  return { part, lines };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !condition(); i++) await sleep(50);
  expect(condition()).toBe(true);
}

afterEach(async () => {
  for (const part of running.splice(0)) await part.stop();
});

describe('a part of the exchange', () => {
  it('takes its children with it when it is stopped', async () => {
    const { part, lines } = start(parentWithChild);
    await part.start(readyMsMax);
    const { pid, child } = JSON.parse(lines[0] ?? '') as { pid: number; child: number };
    await part.stop();
    await until(() => !isAlive(pid) && !isAlive(child));
  });

  it('is started again when it dies', async () => {
    const { part, lines } = start(parentWithChild);
    await part.start(readyMsMax);
    const first = JSON.parse(lines[0] ?? '') as { pid: number };
    process.kill(first.pid, 'SIGKILL');
    await until(() => lines.length === 2);
    expect((JSON.parse(lines[1] ?? '') as { pid: number }).pid).not.toBe(first.pid);
  });

  it('that dies before it is ready fails the start by name', async () => {
    const { part } = start('process.exit(3)');
    await expect(part.start(readyMsMax)).rejects.toThrow(/part ended while starting \(exit code 3\)/);
  });

  it('that stays silent fails the start by name', async () => {
    const { part } = start('setInterval(() => {}, 1000)');
    await expect(part.start(300)).rejects.toThrow(/part did not answer within 0.3 s/);
  });
});

describe('the run file', () => {
  it('ends what a killed run left, and nothing that is not ours', async () => {
    if (process.platform !== 'linux') return;
    const stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-run-'));
    const runFile = new RunFile(stateDir);
    const plan = (env: Readonly<Record<string, string>>): ProcessPlan => ({
      name: 'left',
      command: process.execPath,
      args: ['-e', 'console.log("ready"); setInterval(() => {}, 1000)'],
      env,
      show: () => null,
      ready: async (signal, nextLine) => void (await nextLine((line) => line === 'ready', signal)),
    });
    const pids: number[] = [];
    for (const env of [runFile.marker, {}]) {
      const part = new ManagedProcess(plan(env), (_name, pid) => pid !== null && pids.push(pid));
      running.push(part);
      await part.start(readyMsMax);
    }
    const [ours, stranger] = pids as [number, number];
    writeFileSync(join(stateDir, 'run.json'), JSON.stringify({ ours, stranger }));
    expect(new RunFile(stateDir).endLeftovers()).toEqual(['ours']);
    expect(isAlive(stranger)).toBe(true);
  });
});
