import type { IndexedEvent } from '#shared/events.ts';
import { firstRow, rows } from '../platform/sql.ts';
import { fromStoredJson, toStoredJson } from '../platform/stored-json.ts';

/** Tables the owner's migrations must contain. An event stays until both sinks have it; each sink marks what it has. */
export const EVENT_TABLES = `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    signature TEXT NOT NULL,
    place INTEGER NOT NULL,
    event TEXT NOT NULL,
    market TEXT,
    market_seq INTEGER,
    account TEXT,
    account_seq INTEGER,
    market_done INTEGER NOT NULL,
    account_done INTEGER NOT NULL,
    database_done INTEGER NOT NULL DEFAULT 0,
    read_ms INTEGER NOT NULL,
    UNIQUE (signature, place)
  );
  CREATE INDEX events_for_markets ON events (market, market_seq) WHERE market_done = 0;
  CREATE INDEX events_for_accounts ON events (account, account_seq) WHERE account_done = 0;
  CREATE INDEX events_for_database ON events (id) WHERE database_done = 0;
  CREATE INDEX events_done ON events (read_ms) WHERE market_done = 1 AND account_done = 1 AND database_done = 1;
  CREATE TABLE holes (stream TEXT PRIMARY KEY, expected_seq INTEGER NOT NULL, since_ms INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Another table the owner's migrations must contain. */
export const REWINDS_TABLE = 'CREATE TABLE rewinds (id INTEGER PRIMARY KEY CHECK (id = 1), after_signature TEXT);';

/** How long a delivered event can still be asked for by its signature. */
const deliveredKeptMs = 60_000;

/** A stream that has an object at its end. */
export interface Target {
  readonly kind: 'market' | 'account';
  /** Symbol or wallet. */
  readonly name: string;
}

export interface Hole {
  readonly stream: string;
  readonly sinceMs: number;
}

type EventRow = { event: string };

const COLUMNS = {
  market: { name: 'market', seq: 'market_seq', done: 'market_done' },
  account: { name: 'account', seq: 'account_seq', done: 'account_done' },
} as const;

export const streamName = ({ kind, name }: Target): string => `${kind}:${name}`;

/** Events on their way to the objects and to the database, each with its own progress. */
export class EventStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /**
   * Keeps a transaction's events; those kept before stay as they are. Belongs in one transaction with the mark that it was read. Without
   * `forDatabase` only the objects get them: see `noteRewind`.
   */
  add(events: readonly IndexedEvent[], nowMs: number, forDatabase = true): void {
    const statement = `
      INSERT OR IGNORE INTO events
        (signature, place, event, market, market_seq, account, account_seq, market_done, account_done, read_ms, database_done)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    for (const event of events) {
      const { market, account } = event.streams;
      this.#storage.sql.exec(
        statement,
        event.signature,
        event.indexInTransaction,
        toStoredJson(event),
        market?.symbol ?? null,
        market === undefined ? null : Number(market.seq),
        account?.owner ?? null,
        account === undefined ? null : Number(account.seq),
        market === undefined ? 1 : 0,
        account === undefined ? 1 : 0,
        nowMs,
        forDatabase ? 0 : 1,
      );
    }
  }

  /** Objects that events wait for. */
  targets(limit: number): Target[] {
    return (['market', 'account'] as const).flatMap((kind) => {
      const { name, done } = COLUMNS[kind];
      const query = `SELECT DISTINCT ${name} AS name FROM events WHERE ${done} = 0 LIMIT ?`;
      return rows<{ name: string }>(this.#storage.sql, query, limit).map((row) => ({ kind, name: row.name }));
    });
  }

  /** What waits for one object, in the order of its stream. */
  waitingFor({ kind, name }: Target, limit: number): IndexedEvent[] {
    const column = COLUMNS[kind];
    const query = `
      SELECT event FROM events WHERE ${column.name} = ? AND ${column.done} = 0 ORDER BY ${column.seq} LIMIT ?`;
    return rows<EventRow>(this.#storage.sql, query, name, limit).map(eventOf);
  }

  /** The object has everything below `nextSeq`. Answers how many events that settled; a later one left behind is a hole. */
  settle({ kind, name }: Target, nextSeq: bigint, nowMs: number): number {
    const column = COLUMNS[kind];
    return this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const before = this.#waiting(kind, name);
      sql.exec(
        `UPDATE events SET ${column.done} = 1 WHERE ${column.name} = ? AND ${column.done} = 0 AND ${column.seq} < ?`,
        name,
        Number(nextSeq),
      );
      const left = this.#waiting(kind, name);
      const stream = streamName({ kind, name });
      if (left.first === null || left.first <= Number(nextSeq)) sql.exec('DELETE FROM holes WHERE stream = ?', stream);
      else {
        sql.exec(
          `INSERT INTO holes (stream, expected_seq, since_ms) VALUES (?, ?, ?)
           ON CONFLICT (stream) DO UPDATE SET expected_seq = excluded.expected_seq`,
          stream,
          Number(nextSeq),
          nowMs,
        );
      }
      return before.count - left.count;
    });
  }

  /** Streams in which an event is missing, longest first. */
  holes(limit: number): Hole[] {
    const query = 'SELECT stream, since_ms AS sinceMs FROM holes ORDER BY since_ms LIMIT ?';
    return rows<{ stream: string; sinceMs: number }>(this.#storage.sql, query, limit);
  }

  /** Null while an object still waits for an event of the transaction; else its events. */
  delivered(signature: string): IndexedEvent[] | null {
    const query = 'SELECT event, market_done * account_done AS done FROM events WHERE signature = ? ORDER BY place';
    const found = rows<EventRow & { done: number }>(this.#storage.sql, query, signature);
    return found.some((row) => row.done === 0) ? null : found.map(eventOf);
  }

  eventsOf(signature: string): IndexedEvent[] {
    const query = 'SELECT event FROM events WHERE signature = ? ORDER BY place';
    return rows<EventRow>(this.#storage.sql, query, signature).map(eventOf);
  }

  /** Events of transactions from a slot on, in the order they were read. */
  eventsFrom(slot: number): IndexedEvent[] {
    const query = `
      SELECT event FROM events WHERE signature IN (SELECT signature FROM transactions WHERE slot >= ?) ORDER BY id`;
    return rows<EventRow>(this.#storage.sql, query, slot).map(eventOf);
  }

  /** Forgets the events of transactions from a slot on, and holes: what follows is read again. */
  removeFrom(slot: number): void {
    this.#storage.sql.exec(
      'DELETE FROM events WHERE signature IN (SELECT signature FROM transactions WHERE slot >= ?)',
      slot,
    );
    this.#storage.sql.exec('DELETE FROM holes');
  }

  /** What the database has not got yet, in the order of the chain. */
  waitingForDatabase(limit: number, afterId = 0): { id: number; event: IndexedEvent }[] {
    const query = 'SELECT id, event FROM events WHERE database_done = 0 AND id > ? ORDER BY id LIMIT ?';
    const found = rows<EventRow & { id: number }>(this.#storage.sql, query, afterId, limit);
    return found.map((row) => ({ id: row.id, event: eventOf(row) }));
  }

  settleDatabase(ids: readonly number[]): void {
    this.#storage.transactionSync(() => {
      for (const id of ids) this.#storage.sql.exec('UPDATE events SET database_done = 1 WHERE id = ?', id);
    });
  }

  databaseBacklog(): number {
    const query = 'SELECT COUNT(*) AS n FROM events WHERE database_done = 0';
    return firstRow<{ n: number }>(this.#storage.sql, query)?.n ?? 0;
  }

  /** At least the backlog, without counting it: the cost does not grow with an outage. */
  databaseBacklogAtMost(): number {
    const query = `
      SELECT (SELECT MAX(id) FROM events WHERE database_done = 0) - (SELECT MIN(id) FROM events WHERE database_done = 0) AS span`;
    const span = firstRow<{ span: number | null }>(this.#storage.sql, query)?.span ?? null;
    return span === null ? 0 : span + 1;
  }

  /** The backlog is full: remembers the transaction after which the database will be caught up from the chain. The first one counts. */
  noteRewind(after: string | null): void {
    this.#storage.sql.exec('INSERT OR IGNORE INTO rewinds (id, after_signature) VALUES (1, ?)', after);
  }

  /** The noted place, once the backlog is worked off; then it is forgotten, with all that the objects have had. */
  takeRewind(): { readonly after: string | null } | null {
    const query = 'SELECT after_signature AS after FROM rewinds WHERE id = 1';
    const rewind = firstRow<{ after: string | null }>(this.#storage.sql, query);
    if (rewind === null || this.databaseBacklogAtMost() > 0) return null;
    this.#storage.sql.exec('DELETE FROM rewinds');
    this.#storage.sql.exec('DELETE FROM events WHERE market_done = 1 AND account_done = 1');
    return rewind;
  }

  /** Forgets what both sinks have had for a while. What is not final may have to be taken back. */
  prune(nowMs: number): void {
    const statement = `
      DELETE FROM events WHERE market_done = 1 AND account_done = 1 AND database_done = 1 AND read_ms < ?
      AND NOT EXISTS (SELECT 1 FROM transactions WHERE transactions.signature = events.signature AND final = 0)`;
    this.#storage.sql.exec(statement, nowMs - deliveredKeptMs);
  }

  #waiting(kind: Target['kind'], name: string): { count: number; first: number | null } {
    const column = COLUMNS[kind];
    const query = `
      SELECT COUNT(*) AS count, MIN(${column.seq}) AS first FROM events WHERE ${column.name} = ? AND ${column.done} = 0`;
    return firstRow(this.#storage.sql, query, name) ?? { count: 0, first: null };
  }
}

const eventOf = (row: EventRow): IndexedEvent => fromStoredJson<IndexedEvent>(row.event);
