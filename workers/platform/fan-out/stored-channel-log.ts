import { firstRow, rows } from '../sql.ts';
import type { ChannelLog, LoggedUpdate } from './channel-log.ts';
import { updateFrame } from './frames.ts';
import { hubLimits } from './limits.ts';

/** Tables the owner's migrations must contain. */
export const CHANNEL_LOG_TABLES = `
  CREATE TABLE channel_log (id INTEGER PRIMARY KEY CHECK (id = 1), epoch TEXT NOT NULL);
  CREATE TABLE channel_updates (
    channel TEXT NOT NULL,
    seq INTEGER NOT NULL,
    ts_ms INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (channel, seq)
  ) WITHOUT ROWID;
`;

/**
 * A window in SQLite, for private channels: `append` belongs inside the transaction of the state it tells about, so that number and
 * state can never disagree. It survives eviction, and its epoch with it.
 */
export class StoredChannelLog implements ChannelLog {
  readonly epoch: string;
  readonly #sql: SqlStorage;
  readonly #keptMax: number;

  /** `newEpoch` is asked once in the life of the storage. */
  constructor(storage: DurableObjectStorage, newEpoch: () => string, keptMax: number = hubLimits.updatesKeptMax) {
    this.#sql = storage.sql;
    this.#keptMax = keptMax;
    this.#sql.exec('INSERT OR IGNORE INTO channel_log (id, epoch) VALUES (1, ?)', newEpoch());
    const stored = firstRow<{ epoch: string }>(this.#sql, 'SELECT epoch FROM channel_log WHERE id = 1');
    if (stored === null) throw new Error('the channel log has no epoch');
    this.epoch = stored.epoch;
  }

  lastSeq(channel: string): number {
    const query = 'SELECT MAX(seq) AS seq FROM channel_updates WHERE channel = ?';
    return firstRow<{ seq: number | null }>(this.#sql, query, channel)?.seq ?? 0;
  }

  append(channel: string, data: string, tsMs: number): void {
    const seq = this.lastSeq(channel) + 1;
    const insert = 'INSERT INTO channel_updates (channel, seq, ts_ms, data) VALUES (?, ?, ?, ?)';
    this.#sql.exec(insert, channel, seq, Math.floor(tsMs), data);
    this.#sql.exec('DELETE FROM channel_updates WHERE channel = ? AND seq <= ?', channel, seq - this.#keptMax);
  }

  since(channel: string, seq: number): readonly LoggedUpdate[] | null {
    const missed = this.lastSeq(channel) - seq;
    if (missed < 0 || missed > this.#keptMax) return null;
    const query = 'SELECT seq, ts_ms, data FROM channel_updates WHERE channel = ? AND seq > ? ORDER BY seq';
    const kept = rows<{ seq: number; ts_ms: number; data: string }>(this.#sql, query, channel, seq);
    if (kept.length !== missed) return null;
    return kept.map((row) => ({ seq: row.seq, frame: updateFrame(channel, row.seq, row.ts_ms, row.data) }));
  }
}
