import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const distributionFolder = '/usr/lib/postgresql';
const startMsMax = 20_000;

/** A PostgreSQL server with nobody's data in it. */
export interface PostgresServer {
  /** A new database owned by a role that is no superuser, as on a hosted PostgreSQL; the URL logs in as that owner. */
  createDatabase(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Where initdb and postgres lie; null where PostgreSQL is not installed. */
export function postgresBinaries(): string | null {
  const folders = [process.env['POSTGRES_BIN'] ?? '', '/usr/local/bin', '/opt/homebrew/bin'];
  if (existsSync(distributionFolder)) {
    const versions = readdirSync(distributionFolder).sort((a, b) => Number(b) - Number(a));
    folders.unshift(...versions.map((version) => join(distributionFolder, version, 'bin')));
  }
  return (
    folders.find((folder) => folder !== '' && ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ??
    null
  );
}

/** Starts a temporary server on the loopback. */
export async function startPostgres(binaries: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-postgres-'));
  const account = plainAccount();
  if (account !== null) chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const asAccount = { ...(account ?? {}), cwd: folder };
  const initArguments = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  execFileSync(join(binaries, 'initdb'), initArguments, { ...asAccount, stdio: 'pipe' });
  const port = await freePort();
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=America/Lima'];
  const serverArguments = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(binaries, 'postgres'), serverArguments, { ...asAccount, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilAccepting(port);
  } catch (error) {
    await close();
    throw error;
  }
  return { close, createDatabase: (name) => createDatabase(port, name) };
}

async function createDatabase(port: number, name: string): Promise<string> {
  const owner = `${name}_owner`;
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    await client.query(`CREATE ROLE ${owner} LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS`);
    await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  } finally {
    await client.end();
  }
  return `postgres://${owner}@127.0.0.1:${port}/${name}`;
}

async function untilAccepting(port: number): Promise<void> {
  const deadline = Date.now() + startMsMax;
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** PostgreSQL refuses to run as root: the account of its package, or nobody. Null where we are not root. */
function plainAccount(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  throw new Error('running as root without an account postgres or nobody');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
