import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { neon } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe } from 'vitest';
import { createDatabase } from '#db/client.ts';
import type { Database } from '#db/client.ts';
import { startNeon } from '../../../local/neon/start.ts';
import type { Neon } from '../../../local/neon/start.ts';
import { copyOfTemplate } from './pglite-template.ts';
import { postgresBinaries, startPostgres } from './postgres-server.ts';

/** A migrated database behind Neon's protocol, as the worker would have it. */
export interface TestDatabase {
  readonly database: Database;
  readonly neon: Neon;
  /** What the driver is given; on a server not the stand-in's own. */
  readonly databaseUrl: string;
  /** Runs one statement as whoever connects: a superuser on PGlite, the owner on a server. */
  asOwner(query: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A PGlite copy, a second at most. */
export async function openTestPglite(): Promise<TestDatabase> {
  const dataDir = await copyOfTemplate('migrated');
  const stand = await startNeon({ port: 0, dataDir, migrate: false });
  return testDatabase(stand, stand.databaseUrl, async () => {
    await stand.close();
    rmSync(dirname(dataDir), { recursive: true, force: true });
  });
}

/** A temporary PostgreSQL server, migrated by an owner that is no superuser. */
export async function openTestServer(binaries: string): Promise<TestDatabase> {
  const server = await startPostgres(binaries);
  const databaseUrl = await server.createDatabase('quantdesk');
  const stand = await startNeon({ port: 0, databaseUrl });
  return testDatabase(stand, databaseUrl, async () => {
    await stand.close();
    await server.close();
  });
}

/** Describes the same guarantees on PGlite and, where it is installed, on a PostgreSQL server; `get` gives the database inside tests. */
export function describeOnDatabases(title: string, body: (get: () => TestDatabase) => void): void {
  const binaries = postgresBinaries();
  if (binaries === null) console.log(`${title}: not run on a PostgreSQL server (none is installed)`);
  const kinds: [string, () => Promise<TestDatabase>][] = [['PGlite', openTestPglite]];
  if (binaries !== null) kinds.push(['PostgreSQL server', () => openTestServer(binaries)]);
  describe.each(kinds)(`${title} on %s`, (_kind, open) => {
    let opened: TestDatabase | null = null;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => opened?.close());
    body(() => {
      if (opened === null) throw new Error('the database is not open yet');
      return opened;
    });
  });
}

function testDatabase(stand: Neon, databaseUrl: string, close: () => Promise<void>): TestDatabase {
  const database = createDatabase({ databaseUrl, httpEndpoint: stand.httpEndpoint });
  const sql = neon(databaseUrl, { disableWarningInBrowsers: true });
  return { database, neon: stand, databaseUrl, asOwner: (query, params = []) => sql.query(query, params), close };
}
