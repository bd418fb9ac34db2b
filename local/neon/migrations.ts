import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzleServer } from 'drizzle-orm/node-postgres';
import { migrate as migrateServer } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';

export const migrationsFolder = fileURLToPath(new URL('../../db/migrations', import.meta.url));

/** Any number, the same for everybody who migrates: two processes take turns. */
const migrationLock = 7_031_514;

/** Brings a PGlite database up to date. */
export const migrateDatabase = (database: PGlite): Promise<void> =>
  migratePglite(drizzlePglite(database), { migrationsFolder });

/** Brings the database of a PostgreSQL server up to date, as a folder of migrations says; a second process waits for the first. */
export async function migrateDatabaseServer(databaseUrl: string, folder: string = migrationsFolder): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await migrateServer(drizzleServer(client), { migrationsFolder: folder });
  } finally {
    await client.end();
  }
}
