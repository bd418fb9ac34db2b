import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { migrateDatabase, migrationsFolder } from '../../../local/neon/migrations.ts';
import { openPglite } from '../../../local/neon/pglite-backend.ts';

const cacheFolder = resolve('node_modules', '.cache', 'quantdesk');

/**
 * A fresh copy of a PGlite data directory, `empty` or `migrated`. Making one takes four seconds, copying one a fraction: the first
 * caller makes it, for everybody who tests the same migrations.
 */
export async function copyOfTemplate(kind: 'empty' | 'migrated'): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'quantdesk-pglite-')), 'data');
  cpSync(await template(kind), copy, { recursive: true });
  return copy;
}

async function template(kind: 'empty' | 'migrated'): Promise<string> {
  const path = join(cacheFolder, `pglite-${kind}-${kind === 'empty' ? pgliteVersion() : migrationsHash()}`);
  if (existsSync(path)) return path;
  mkdirSync(cacheFolder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  if (kind === 'migrated') cpSync(await template('empty'), draft, { recursive: true });
  const database = await openPglite(draft);
  if (kind === 'migrated') await migrateDatabase(database);
  await database.close();
  try {
    renameSync(draft, path);
  } catch (error) {
    // Another test process was faster: its template is as good.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
  return path;
}

function migrationsHash(): string {
  const hash = createHash('sha256').update(pgliteVersion());
  for (const file of readdirSync(migrationsFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort()) {
    hash.update(file).update(readFileSync(join(migrationsFolder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function pgliteVersion(): string {
  const manifest = readFileSync('node_modules/@electric-sql/pglite/package.json', 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
