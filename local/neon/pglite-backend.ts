import { PGlite } from '@electric-sql/pglite';
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto';
import { uuid_ossp } from '@electric-sql/pglite/contrib/uuid_ossp';
import { beginStatement } from './backend.ts';
import type { Backend, Statement, StatementResult } from './backend.ts';

/** Opens PostgreSQL compiled to WebAssembly in this process, with its files in `dataDir` or, where that is null, in memory. */
export const openPglite = (dataDir: string | null): Promise<PGlite> =>
  PGlite.create({ dataDir: dataDir ?? 'memory://', extensions: { uuid_ossp, pgcrypto } });

/**
 * PGlite has one session for everybody: a transaction must have it alone, so requests wait for one another. Statements inside are
 * quick (a millisecond or less); real concurrency needs a server (`--database-url`).
 */
export class PgliteBackend implements Backend {
  readonly #database: PGlite;
  readonly #asText: {
    parsers: Record<number, (value: string) => string>;
    serializers: Record<number, (value: string) => string>;
  };
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: PGlite) {
    this.#database = database;
    this.#asText = { parsers: identities(database.parsers), serializers: identities(database.serializers) };
  }

  execute(statement: Statement): Promise<StatementResult> {
    return this.#alone(() => this.#run(statement));
  }

  transaction(
    statements: readonly Statement[],
    options: Parameters<Backend['transaction']>[1],
  ): Promise<StatementResult[]> {
    return this.#alone(async () => {
      await this.#database.exec(beginStatement(options));
      try {
        const results: StatementResult[] = [];
        for (const statement of statements) results.push(await this.#run(statement));
        await this.#database.exec('COMMIT');
        return results;
      } catch (error) {
        await this.#database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#database.close();
  }

  async #run({ query, params }: Statement): Promise<StatementResult> {
    const result = await this.#database.query<(string | null)[]>(query, [...params], {
      rowMode: 'array',
      ...this.#asText,
    });
    return {
      command: result.command ?? '',
      rowCount: result.rowCount ?? null,
      fields: result.fields,
      rows: result.rows as never,
    };
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Values stay the text PostgreSQL writes and reads: a numeric never becomes a float on the way. */
function identities(known: Record<number | string, unknown>): Record<number, (value: string) => string> {
  return Object.fromEntries(Object.keys(known).map((oid) => [Number(oid), (value: string) => value]));
}
