import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
const holderLookupMs = 2_000;

/** True when this machine lets us listen on the port of the loopback address. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}

/** Who listens on a port, as `node (pid 4711)`; `another program` where the system does not tell. */
export async function portHolder(port: number): Promise<string> {
  const pid = process.platform === 'linux' ? await linuxListener(port) : await lsofListener(port);
  if (pid === null) return 'another program';
  const name = await run('ps', ['-o', 'comm=', '-p', String(pid)], { timeout: holderLookupMs }).catch(() => null);
  return `${name?.stdout.trim() ?? 'a process'} (pid ${pid})`;
}

/** Linux: the listening socket's inode from /proc/net/tcp*, then the process that has it open. */
async function linuxListener(port: number): Promise<number | null> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const listening = '0A';
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const row of rows) {
      const columns = row.trim().split(/\s+/);
      if (columns[1]?.endsWith(`:${wanted}`) && columns[3] === listening && columns[9] !== undefined)
        inodes.add(columns[9]);
    }
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) return Number(pid);
    }
  }
  return null;
}

async function lsofListener(port: number): Promise<number | null> {
  const found = await run('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { timeout: holderLookupMs }).catch(
    () => null,
  );
  const pid = Number(found?.stdout.trim().split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
