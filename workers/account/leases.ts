import type { Clock } from '../platform/clock.ts';
import { execute, firstRow } from '../platform/sql.ts';
import type { Lease } from './contract.ts';

/** Table the object's migrations must contain. */
export const LEASES_TABLE = `
  CREATE TABLE leases (name TEXT PRIMARY KEY, token INTEGER NOT NULL, until_ms INTEGER NOT NULL, cursor TEXT);
`;

/** Duties that one holder at a time may do. A token grows with every taking, so a late holder cannot store anything any more. */
export class Leases {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;

  constructor(storage: DurableObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  take(name: string, ttlMs: number): Lease | null {
    return this.#storage.transactionSync(() => {
      const now = this.#clock.nowMs();
      const query = 'SELECT token, until_ms, cursor FROM leases WHERE name = ?';
      const held = firstRow<{ token: number; until_ms: number; cursor: string | null }>(this.#storage.sql, query, name);
      if (held !== null && held.until_ms > now) return null;
      const token = (held?.token ?? 0) + 1;
      this.#storage.sql.exec(
        `INSERT INTO leases (name, token, until_ms) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET token = excluded.token, until_ms = excluded.until_ms`,
        name,
        token,
        Math.floor(now + ttlMs),
      );
      return { token, cursor: held?.cursor ?? null };
    });
  }

  saveCursor(name: string, token: number, cursor: string | null): boolean {
    return (
      execute(this.#storage.sql, 'UPDATE leases SET cursor = ? WHERE name = ? AND token = ?', cursor, name, token) === 1
    );
  }

  end(name: string, token: number): void {
    this.#storage.sql.exec('UPDATE leases SET until_ms = 0 WHERE name = ? AND token = ?', name, token);
  }
}
