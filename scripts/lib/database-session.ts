import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { lockDataDir } from '../../local/neon/data-dir.ts';
import { migrateDatabase, migrateDatabaseServer } from '../../local/neon/migrations.ts';
import { openPglite } from '../../local/neon/pglite-backend.ts';

const connectMsMax = 10_000;
/** One statement reads or writes a batch of rows, or looks whether a table is empty. */
const statementMsMax = 10 * 60_000;

/** One connection to a database, for tools that need a transaction of many statements. */
export interface DatabaseSession {
  query<Row extends Record<string, unknown>>(text: string, params?: unknown[]): Promise<{ rows: Row[] }>;
  /** Brings the schema up to date. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The server of `databaseUrl`; without one the files of a local exchange, which must not run meanwhile.
 *
 * @throws Error where there is neither, or the files are in use.
 */
export async function openSession(databaseUrl: string | undefined, stateDir: string): Promise<DatabaseSession> {
  if (databaseUrl !== undefined && databaseUrl !== '') return serverSession(databaseUrl);
  if (!existsSync(stateDir))
    throw new Error(`Set DATABASE_URL, or name the folder of a local exchange: ${stateDir} is none`);
  return filesSession(join(stateDir, 'postgres'));
}

async function serverSession(connectionString: string): Promise<DatabaseSession> {
  // The driver would put the whole URL, password included, into its error.
  if (!URL.canParse(connectionString)) throw new Error('DATABASE_URL is not a URL');
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: statementMsMax,
  });
  await client.connect();
  return {
    query: (text, params = []) => client.query(text, params),
    migrate: () => migrateDatabaseServer(connectionString),
    close: () => client.end(),
  };
}

async function filesSession(dataDir: string): Promise<DatabaseSession> {
  const release = lockDataDir(dataDir);
  try {
    const database = await openPglite(dataDir);
    return {
      query: (text, params = []) => database.query(text, params),
      migrate: () => migrateDatabase(database),
      close: async () => {
        await database.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}
