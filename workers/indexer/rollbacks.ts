import { firstRow } from '../platform/sql.ts';

/** Another table the owner's migrations must contain: from which slot on each sink must take back what it was given. */
export const ROLLBACKS_TABLE = `
  CREATE TABLE rollbacks (sink TEXT PRIMARY KEY CHECK (sink IN ('objects', 'database')), from_slot INTEGER NOT NULL) WITHOUT ROWID;
`;

export type Sink = 'objects' | 'database';

/** What a fork undid, until both sinks have taken it back. Each does so in its own time: the objects never wait for the database. */
export class Rollbacks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Transactions of this slot and later ones are not what they were. The earliest slot counts. */
  note(fromSlot: number): void {
    for (const sink of ['objects', 'database'] as const) {
      this.#sql.exec(
        `INSERT INTO rollbacks (sink, from_slot) VALUES (?, ?)
         ON CONFLICT (sink) DO UPDATE SET from_slot = MIN(from_slot, excluded.from_slot)`,
        sink,
        fromSlot,
      );
    }
  }

  /** Null when there is nothing to take back. */
  due(sink: Sink): number | null {
    const query = 'SELECT from_slot AS slot FROM rollbacks WHERE sink = ?';
    return firstRow<{ slot: number }>(this.#sql, query, sink)?.slot ?? null;
  }

  /** A sink has taken back everything from a slot on; an earlier fork noted meanwhile stays. */
  done(sink: Sink, fromSlot: number): void {
    this.#sql.exec('DELETE FROM rollbacks WHERE sink = ? AND from_slot >= ?', sink, fromSlot);
  }
}
