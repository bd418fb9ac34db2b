import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabaseServer, migrationsFolder } from '../../local/neon/migrations.ts';
import { openPglite } from '../../local/neon/pglite-backend.ts';
import { copyOfTemplate } from '#support/database/pglite-template.ts';
import { postgresBinaries, startPostgres } from '#support/database/postgres-server.ts';
import { readCatalog } from './catalog.ts';
import type { Catalog, CatalogKind } from './catalog.ts';
import { ADDED_TABLES, ADDITIONS } from './additions.ts';

const seedSchema = readFileSync('tests/db/seed-schema.sql', 'utf8');
const extensions = readFileSync(join(migrationsFolder, '0000_extensions.sql'), 'utf8');

/** Names are `table.column` or `table name`. */
const tableOf = (name: string): string => name.split(/[. ]/)[0] ?? '';

interface Both {
  readonly seed: Catalog;
  readonly migrated: Catalog;
}

async function onPglite(): Promise<Both> {
  const read = async (kind: 'empty' | 'migrated', prepare: string): Promise<Catalog> => {
    const dataDir = await copyOfTemplate(kind);
    const database = await openPglite(dataDir);
    try {
      if (prepare !== '') await database.exec(prepare);
      return await readCatalog(async (query) => (await database.query<Record<string, unknown>>(query)).rows);
    } finally {
      await database.close();
      rmSync(dirname(dataDir), { recursive: true, force: true });
    }
  };
  return { seed: await read('empty', extensions + seedSchema), migrated: await read('migrated', '') };
}

async function onServer(binaries: string): Promise<Both> {
  const server = await startPostgres(binaries);
  const read = async (databaseUrl: string, prepare: string): Promise<Catalog> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      if (prepare !== '') await client.query(prepare);
      return await readCatalog(async (query) => (await client.query<Record<string, unknown>>(query)).rows);
    } finally {
      await client.end();
    }
  };
  try {
    const seedUrl = await server.createDatabase('seed');
    const migratedUrl = await server.createDatabase('migrated');
    // Twice: the second time finds nothing to do.
    await migrateDatabaseServer(migratedUrl);
    await migrateDatabaseServer(migratedUrl);
    return { seed: await read(seedUrl, extensions + seedSchema), migrated: await read(migratedUrl, '') };
  } finally {
    await server.close();
  }
}

const binaries = postgresBinaries();
const kinds: [string, () => Promise<Both>][] = [['PGlite', onPglite]];
if (binaries !== null) kinds.push(['a PostgreSQL server, as an owner that is no superuser', () => onServer(binaries)]);
else console.log('catalog: not run on a PostgreSQL server (none is installed)');

describe.each(kinds)('the migrations on %s', (_kind, open) => {
  let both: Both;
  beforeAll(async () => {
    both = await open();
  });

  const parts: CatalogKind[] = ['extensions', 'columns', 'constraints', 'indexes', 'policies', 'functions', 'triggers'];
  it.each(parts)('give exactly the %s of the seed document', (kind) => {
    expect(Object.keys(both.seed[kind]).length).toBeGreaterThan(0);
    expect(both.migrated[kind]).toMatchObject(both.seed[kind]);
  });

  it('add the listed tables', () => {
    const tables = (catalog: Catalog) => new Set(Object.keys(catalog.columns).map(tableOf));
    const added = [...tables(both.migrated)].filter((table) => !tables(both.seed).has(table));
    expect(added.sort()).toEqual([...ADDED_TABLES]);
  });

  it.each(parts)('add to the %s of the seed document only what is listed', (kind) => {
    const isNew = (name: string): boolean => (ADDED_TABLES as readonly string[]).includes(tableOf(name));
    const added = Object.keys(both.migrated[kind]).filter((name) => !(name in both.seed[kind]) && !isNew(name));
    expect(added.sort()).toEqual(ADDITIONS[kind]);
  });

  it('secure the rows of the tables the seed secures, and bind the owner too', () => {
    expect(Object.keys(both.migrated.rowSecurity)).toEqual(expect.arrayContaining(Object.keys(both.seed.rowSecurity)));
    expect(new Set(Object.values(both.migrated.rowSecurity))).toEqual(new Set(['FORCED']));
  });
});

describe('db/schema', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quantdesk-migrations-'));
    cpSync(migrationsFolder, folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what the migrations make: generating finds nothing to add', () => {
    const before = readdirSync(folder);
    const tool = [
      'node_modules/drizzle-kit/bin.cjs',
      'generate',
      '--dialect',
      'postgresql',
      '--schema',
      'db/schema/index.ts',
    ];
    const output = execFileSync(process.execPath, [...tool, '--out', relative('.', folder)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(output).toMatch(/No schema changes/);
    expect(readdirSync(folder)).toEqual(before);
  });
});
