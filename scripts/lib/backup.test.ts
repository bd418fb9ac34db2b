import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOfTemplate } from '#support/database/pglite-template.ts';
import { openPglite } from '../../local/neon/pglite-backend.ts';
import { OWN_ROWS } from '../../tests/db/own-rows.ts';
import { backup, BackupRefused, restore } from './backup.ts';
import type { DatabaseSession } from './database-session.ts';

const userId = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const folder = mkdtempSync(join(tmpdir(), 'quantdesk-backup-'));
const whole = join(folder, 'whole.gz');
const opened: { session: DatabaseSession; dataDir: string }[] = [];

async function openMigrated(): Promise<DatabaseSession> {
  const dataDir = await copyOfTemplate('migrated');
  const database = await openPglite(dataDir);
  const session: DatabaseSession = {
    query: (text, params = []) => database.query(text, params),
    migrate: () => Promise.resolve(),
    close: () => database.close(),
  };
  opened.push({ session, dataDir });
  return session;
}

/** Every row of every table, as PostgreSQL writes it. */
async function rowsOf(session: DatabaseSession): Promise<Record<string, string[]>> {
  const { rows: tables } = await session.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await session.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    all[name] = rows.map(({ row }) => row);
  }
  return all;
}

/** A file with one line of the whole backup changed. */
function changedFile(name: string, change: (lines: string[]) => string[]): string {
  const file = join(folder, name);
  writeFileSync(file, gzipSync(change(gunzipSync(readFileSync(whole)).toString().split('\n')).join('\n')));
  return file;
}

describe('a backup', () => {
  let source: DatabaseSession;
  let target: DatabaseSession;
  beforeAll(async () => {
    [source, target] = [await openMigrated(), await openMigrated()];
    await source.query(`INSERT INTO users (id, wallet_address, email, trading_preferences)
      VALUES ('${userId}', 'wallet', E'a\\nb"\\\\\\u2028', '{"x": 1.10, "n": null}')`);
    for (const statement of Object.values(OWN_ROWS)) await source.query(statement.replaceAll('$1', `'${userId}'`));
    await source.query(`UPDATE fills SET price = 92233720368.54775807, created_at = '2026-01-02T03:04:05.678901Z'`);
    await source.query(`INSERT INTO risk_alerts SELECT uuid_generate_v4(), '${userId}', 'margin_warning', 'SOL-PERP', '${userId}', n::text, NULL, now()
      FROM generate_series(1, 1200) n`);
    await backup(source, whole);
  });
  afterAll(async () => {
    for (const { session, dataDir } of opened) {
      await session.close();
      rmSync(dirname(dataDir), { recursive: true, force: true });
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['that was cut short', (lines) => lines.slice(0, -2), 'not complete'],
    ['with lines behind its end', (lines) => [...lines.slice(0, -1), lines[1] ?? '', ''], 'behind its end'],
    ['that lost a line', (lines) => lines.filter((line) => !line.startsWith('fills ')), 'not complete'],
    [
      'of another release',
      ([head = '', ...rest]) => [head.replace('"migrations":["', '"migrations":["0'), ...rest],
      'migrations',
    ],
    [
      'that names a table it does not have',
      (lines) => lines.map((line) => line.replace(/^fills /, 'fill ')),
      'no table',
    ],
  ])('%s is refused, and leaves the database empty', async (name, change, message) => {
    const before = await rowsOf(target);
    await expect(restore(target, changedFile(`${name}.gz`, change))).rejects.toThrow(message);
    expect(await rowsOf(target)).toEqual(before);
  });

  it('that is a broken file is refused', async () => {
    const file = join(folder, 'broken.gz');
    writeFileSync(file, readFileSync(whole).subarray(0, 2_000));
    await expect(restore(target, file)).rejects.toThrow(BackupRefused);
    writeFileSync(file, 'no backup');
    await expect(restore(target, file)).rejects.toThrow(BackupRefused);
    await expect(restore(target, join(folder, 'none'))).rejects.toThrow('ENOENT');
  });

  it('restores every row of every table to the digit, and only into an empty database', async () => {
    const taken = await rowsOf(source);
    const counts = await restore(target, whole);
    expect(counts['risk_alerts']).toBe(1_201);
    expect(await rowsOf(target)).toEqual(taken);
    await expect(restore(target, whole)).rejects.toThrow('has rows');
    expect(await rowsOf(target)).toEqual(taken);
  });

  it('into a database that somebody uses with another release does nothing to it, and migrates nothing', async () => {
    const theirs = await openMigrated();
    await theirs.query(
      'DELETE FROM drizzle.__drizzle_migrations WHERE id = (SELECT max(id) FROM drizzle.__drizzle_migrations)',
    );
    let migrated = 0;
    const session = { ...theirs, migrate: () => Promise.resolve(void migrated++) };
    await expect(restore(session, whole)).rejects.toThrow('restore into an empty one');
    expect(migrated).toBe(0);
  });

  it('is not taken where row security would hide rows', async () => {
    await source.query('CREATE ROLE plain');
    await source.query('SET ROLE plain');
    await expect(backup(source, join(folder, 'hidden.gz'))).rejects.toThrow('BYPASSRLS');
    await source.query('RESET ROLE');
  });
});
