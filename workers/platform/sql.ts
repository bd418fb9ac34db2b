/** Helpers over a Durable Object's SQLite. Integers beyond 2^53 are kept as text: SQLite values reach the object as doubles. */

export type SqlRow = Record<string, SqlStorageValue>;

/** All rows of a query. The query and its row type belong together: keep them side by side. */
export const rows = <T extends SqlRow>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T[] =>
  sql.exec<T>(query, ...values).toArray();

/** The first row, or null. */
export const firstRow = <T extends SqlRow>(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): T | null =>
  rows<T>(sql, query, ...values)[0] ?? null;

/** Runs a statement; answers how many rows it changed (as SQLite's changes()). */
export function execute(sql: SqlStorage, query: string, ...values: SqlStorageValue[]): number {
  sql.exec(query, ...values).toArray();
  return rows<{ changed: number }>(sql, 'SELECT changes() AS changed')[0]?.changed ?? 0;
}

/**
 * Brings an object's tables to the newest form. `migrations` is append-only: the number of applied ones is stored, each runs once,
 * all in one transaction. A version that was rolled back to finds more of them applied than it knows: the number stays, or the newer
 * version would run its own again.
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly string[]): void {
  storage.transactionSync(() => {
    storage.sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
    const applied = firstRow<{ version: number }>(storage.sql, 'SELECT version FROM schema_version')?.version ?? null;
    if (applied === null) storage.sql.exec('INSERT INTO schema_version (version) VALUES (0)');
    for (const migration of migrations.slice(applied ?? 0)) storage.sql.exec(migration);
    storage.sql.exec('UPDATE schema_version SET version = MAX(version, ?)', migrations.length);
  });
}
