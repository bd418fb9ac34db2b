import pg from 'pg';
import { beginStatement } from './backend.ts';
import type { Backend, BatchOptions, Statement, StatementResult } from './backend.ts';

/** Connections kept to the server. */
const connectionsMax = 16;
const connectTimeoutMs = 5_000;
/** Values stay the text PostgreSQL writes: a numeric never becomes a float on the way. */
const asText = { getTypeParser: () => (value: string) => value };

/** A PostgreSQL server, reached through a pool. */
export class ServerBackend implements Backend {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: connectionsMax,
      connectionTimeoutMillis: connectTimeoutMs,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  execute(statement: Statement): Promise<StatementResult> {
    return this.#withClient((client) => run(client, statement));
  }

  transaction(statements: readonly Statement[], options: BatchOptions): Promise<StatementResult[]> {
    return this.#withClient(async (client) => {
      await client.query(beginStatement(options));
      try {
        const results: StatementResult[] = [];
        for (const statement of statements) results.push(await run(client, statement));
        await client.query('COMMIT');
        return results;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = !(error instanceof pg.DatabaseError);
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

async function run(client: pg.PoolClient, { query, params }: Statement): Promise<StatementResult> {
  const result = await client.query<(string | null)[]>({
    text: query,
    values: [...params],
    rowMode: 'array',
    types: asText,
  });
  const fields = result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
  return { command: result.command, rowCount: result.rowCount, fields, rows: result.rows };
}
