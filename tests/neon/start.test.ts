import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { copyOfTemplate } from '#support/database/pglite-template.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { startNeon } from '../../local/neon/start.ts';

const wallet = 'Persistent'.padEnd(44, 'x');

it('keeps the rows over a restart and migrates once', async () => {
  const dataDir = await copyOfTemplate('empty');
  try {
    const first = await startNeon({ port: 0, dataDir });
    await createUserRepository(createDatabase(first), testPersonalData).signIn(wallet, 1);
    await first.close();
    const second = await startNeon({ port: 0, dataDir });
    const user = await createUserRepository(createDatabase(second), testPersonalData).get(userIdOf(wallet));
    expect(user).toMatchObject({ walletAddress: wallet, lastLoginMs: 1 });
    await second.close();
  } finally {
    rmSync(dirname(dataDir), { recursive: true, force: true });
  }
});

it('does not open files that another stand-in has open, nor touch them when its port is taken', async () => {
  const dataDir = await copyOfTemplate('migrated');
  try {
    const first = await startNeon({ port: 0, dataDir, migrate: false });
    await expect(startNeon({ port: first.port, dataDir })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const child = runMain(['--port', '0', '--data-dir', dataDir]);
    const [code] = (await once(child.process, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(child.errors()).toMatch(new RegExp(`in use by process ${process.pid}`));
    await first.close();
  } finally {
    rmSync(dirname(dataDir), { recursive: true, force: true });
  }
});

it('says in one line of JSON that it is ready, and ends on SIGTERM', async () => {
  const dataDir = await copyOfTemplate('migrated');
  try {
    const child = runMain(['--port', '0', '--data-dir', dataDir]);
    const [line] = (await once(createInterface(child.process.stdout), 'line')) as [string];
    const ready = JSON.parse(line) as { ready: boolean; httpEndpoint: string };
    expect(ready).toMatchObject({ ready: true, part: 'neon' });
    expect((await fetch(new URL('/health', ready.httpEndpoint))).status).toBe(200);
    child.process.kill('SIGTERM');
    expect(await once(child.process, 'exit')).toEqual([0, null]);
  } finally {
    rmSync(dirname(dataDir), { recursive: true, force: true });
  }
});

function runMain(args: string[]) {
  const child = spawn(process.execPath, ['local/neon/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  return { process: child, errors: () => errors };
}
