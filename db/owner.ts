import { neon } from '@neondatabase/serverless';
import { useEndpoint } from './client.ts';
import { databaseErrorOf } from './errors.ts';

/** The database as whoever connects, for tools that make and drop tables. Nothing is served through it. */
export interface OwnerDatabase {
  /** Runs statements in one transaction, all or none; answers the rows of each. @throws as Database does. */
  run(statements: readonly string[]): Promise<readonly (readonly Record<string, unknown>[])[]>;
}

export function createOwnerDatabase(databaseUrl: string, httpEndpoint?: string): OwnerDatabase {
  if (!URL.canParse(databaseUrl)) throw new Error('DATABASE_URL is not a URL');
  if (httpEndpoint !== undefined) useEndpoint(databaseUrl, httpEndpoint);
  const sql = neon(databaseUrl);
  return {
    async run(statements) {
      try {
        return await sql.transaction(statements.map((statement) => sql.query(statement)));
      } catch (error) {
        throw databaseErrorOf(error);
      }
    },
  };
}
