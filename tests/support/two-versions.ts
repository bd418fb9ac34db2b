import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createOwnerDatabase } from '#db/owner.ts';
import { ACCOUNT_MIGRATIONS } from '../../workers/account/schema.ts';
import { INDEXER_MIGRATIONS } from '../../workers/indexer/schema.ts';
import { MARKET_MIGRATIONS } from '../../workers/market/market-tables.ts';

/** What the next version adds to every table there is: a column that this version never heard of. */
const addedColumn = "added_by_the_next_version TEXT NOT NULL DEFAULT 'next'";

/** Lists of object migrations, by their name in the bundle. */
const objectLists: Readonly<Record<string, readonly string[]>> = {
  ACCOUNT_MIGRATIONS,
  INDEXER_MIGRATIONS,
  MARKET_MIGRATIONS,
};

/**
 * The script of a next version: the given one, with a further migration at the end of each object's list, which widens every table.
 * @throws when the script is not a bundle of this worker.
 */
export function nextVersionOf(script: string): string {
  return Object.entries(objectLists).reduce((text, [name, migrations]) => {
    const list = new RegExp(`(var ${name} = \\[[^\\]]*)\\]`);
    if (!list.test(text)) throw new Error(`the bundle has no ${name}`);
    return text.replace(list, (_found, items: string) => `${items}, ${JSON.stringify(widen(migrations))}]`);
  }, script);
}

/** Every table that a list of migrations leaves, widened by one column. */
function widen(migrations: readonly string[]): string {
  const text = migrations.join('\n');
  const tables = [...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)].flatMap(([, name]) => name ?? []);
  const dropped = new Set([...text.matchAll(/DROP TABLE (?:IF EXISTS )?(\w+)/g)].map(([, name]) => name));
  return tables
    .filter((table) => !dropped.has(table))
    .map((table) => `ALTER TABLE ${table} ADD COLUMN ${addedColumn};`)
    .join('\n');
}

/** The next version's migration of the database: it expands every table. Answers how many. */
export async function expandDatabase(databaseUrl: string, httpEndpoint: string): Promise<number> {
  const owner = createOwnerDatabase(databaseUrl, httpEndpoint);
  const [tables = []] = await owner.run([
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  ]);
  await owner.run(tables.map(({ tablename }) => `ALTER TABLE "${String(tablename)}" ADD COLUMN ${addedColumn}`));
  return tables.length;
}

/** Stored numbers of applied migrations of the accounts' objects, while the worker stands still. */
export function accountVersions(stateFolder: string): readonly number[] {
  return readdirSync(stateFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('AccountObject') && /[0-9a-f]{64}\.sqlite$/.test(path))
    .map((path) => {
      const storage = new DatabaseSync(join(stateFolder, path));
      try {
        return Number(storage.prepare('SELECT version FROM schema_version').get()?.['version']);
      } finally {
        storage.close();
      }
    });
}

/** How many migrations this version's accounts know. */
export const accountMigrations = ACCOUNT_MIGRATIONS.length;
