import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Takes a data directory for this process: PGlite files opened twice are lost. Answers how to give it back. */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dirname(dataDir), { recursive: true });
  const lockPath = `${dataDir}.lock`;
  const holder = holderOf(lockPath);
  if (holder !== null)
    throw new Error(`${dataDir} is in use by process ${holder}; stop it or choose another --data-dir`);
  rmSync(lockPath, { force: true });
  // Exclusive creation: of two processes that start at once, one fails here.
  const file = openSync(lockPath, 'wx');
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => rmSync(lockPath, { force: true });
}

/** The living process that holds the lock; null where nobody does. */
function holderOf(lockPath: string): number | null {
  let pid: number;
  try {
    pid = Number(readFileSync(lockPath, 'utf8'));
  } catch {
    return null;
  }
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : null;
  }
}
