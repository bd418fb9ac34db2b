import type { Backend } from './backend.ts';
import { lockDataDir } from './data-dir.ts';
import { NeonHttpServer } from './http-server.ts';
import type { Faults } from './faults.ts';
import { migrateDatabase, migrateDatabaseServer } from './migrations.ts';
import { PgliteBackend, openPglite } from './pglite-backend.ts';
import { ServerBackend } from './server-backend.ts';

export const neonPortDefault = 5480;

export interface NeonOptions {
  /** 0 takes a free port. */
  readonly port?: number;
  /** Where PGlite keeps its files; null keeps them in memory. */
  readonly dataDir?: string | null;
  /** A PostgreSQL server to use in place of PGlite. */
  readonly databaseUrl?: string | null;
  /** False for a data directory whose migrations are known to be applied. */
  readonly migrate?: boolean;
}

/** A running database behind Neon's HTTP protocol. */
export interface Neon {
  readonly port: number;
  /** For DATABASE_HTTP_ENDPOINT. */
  readonly httpEndpoint: string;
  /** For DATABASE_URL. */
  readonly databaseUrl: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Starts the database, migrated and ready. The port is taken first, so that a second start fails before it touches the files. */
export async function startNeon(options: NeonOptions = {}): Promise<Neon> {
  const server = new NeonHttpServer();
  const port = await server.listen(options.port ?? neonPortDefault);
  try {
    const { backend, release } = await openBackend(options);
    server.serve(backend);
    return {
      port,
      httpEndpoint: `http://127.0.0.1:${port}/sql`,
      databaseUrl: `postgres://quantdesk:quantdesk@127.0.0.1:${port}/quantdesk`,
      faults: server.faults,
      close: async () => {
        await server.close();
        await backend.close();
        release();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function openBackend(options: NeonOptions): Promise<{ backend: Backend; release: () => void }> {
  const { databaseUrl = null, dataDir = null, migrate = true } = options;
  if (databaseUrl !== null) {
    if (migrate) await migrateDatabaseServer(databaseUrl);
    return { backend: new ServerBackend(databaseUrl), release: () => undefined };
  }
  const release = dataDir === null ? () => undefined : lockDataDir(dataDir);
  try {
    const database = await openPglite(dataDir);
    if (migrate) await migrateDatabase(database);
    return { backend: new PgliteBackend(database), release };
  } catch (error) {
    release();
    throw error;
  }
}
