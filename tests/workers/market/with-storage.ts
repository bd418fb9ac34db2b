import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Keypair } from '@solana/web3.js';
import { rows } from '../../../workers/platform/sql.ts';

/** Runs a body over the empty SQLite storage of a real Durable Object. */
export async function withStorage<T>(body: (storage: DurableObjectStorage) => T | Promise<T>): Promise<T> {
  const stub = env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58());
  return runInDurableObject(stub, async (_instance: unknown, state: DurableObjectState) => {
    const { sql } = state.storage;
    const tables = rows<{ name: string }>(
      sql,
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
    );
    for (const { name } of tables) sql.exec(`DROP TABLE ${name}`);
    return body(state.storage);
  });
}

/** The same storage, counting the rows that statements read. */
export function countingStorage(storage: DurableObjectStorage): {
  storage: DurableObjectStorage;
  rowsRead: () => number;
} {
  const cursors: { readonly rowsRead: number }[] = [];
  const exec: SqlStorage['exec'] = (query, ...values) => {
    const cursor = storage.sql.exec<never>(query, ...(values as unknown[]));
    cursors.push(cursor);
    return cursor;
  };
  const counted = { sql: { exec }, transactionSync: <T>(body: () => T) => storage.transactionSync(body) };
  return {
    storage: counted as unknown as DurableObjectStorage,
    rowsRead: () => cursors.splice(0).reduce((sum, cursor) => sum + cursor.rowsRead, 0),
  };
}
