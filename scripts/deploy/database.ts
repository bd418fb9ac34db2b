import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrateDatabaseServer } from '../../local/neon/migrations.ts';
import { attempt, callTimeoutMs } from './attempt.ts';
import { appliedNames, databaseMigrationsFolder } from './migration-list.ts';

const attemptsMax = 3;
const journalFile = join('meta', '_journal.json');

/** The journal of this checkout. */
export const readJournal = (): string => readFileSync(join(databaseMigrationsFolder, journalFile), 'utf8');

/**
 * Names of the migrations that a database has.
 * @param journals those the names are from: this checkout's, where no other is given. One that is older than the database knows less than it has.
 * @throws when it does not answer
 */
export function appliedMigrations(
  databaseUrl: string,
  journals: readonly string[] = [readJournal()],
): Promise<ReadonlySet<string>> {
  return attempt(attemptsMax, async () => {
    const times = { connectionTimeoutMillis: callTimeoutMs, query_timeout: callTimeoutMs };
    const client = new pg.Client({ connectionString: databaseUrl, ...times });
    await client.connect();
    try {
      const { rows: tables } = await client.query("SELECT to_regclass('drizzle.__drizzle_migrations') AS name");
      if ((tables as { name: string | null }[])[0]?.name === null) return new Set<string>();
      const { rows } = await client.query('SELECT max(created_at) AS newest FROM drizzle.__drizzle_migrations');
      const newest = Number((rows as { newest: string | null }[])[0]?.newest ?? 0);
      return appliedNames(journals, newest);
    } finally {
      await client.end();
    }
  });
}

/** Applies the migrations up to the last one named, and none behind it. */
export async function applyMigrations(databaseUrl: string, names: readonly string[]): Promise<void> {
  const last = names.at(-1);
  if (last === undefined) return;
  const journal = JSON.parse(readJournal()) as { entries: readonly { tag: string }[] };
  const entries = journal.entries.slice(0, journal.entries.findIndex(({ tag }) => tag === last) + 1);
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-migrations-'));
  try {
    mkdirSync(join(folder, 'meta'));
    writeFileSync(join(folder, journalFile), JSON.stringify({ ...journal, entries }));
    for (const { tag } of entries)
      copyFileSync(join(databaseMigrationsFolder, `${tag}.sql`), join(folder, `${tag}.sql`));
    await migrateDatabaseServer(databaseUrl, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
