import type { NewRiskEvent, RiskEventRepository, RiskSeverity } from '#db/repositories/risk-events.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { firstRow, rows } from '../platform/sql.ts';

/** Tables the owner's migrations must contain: what lasts now, and events on their way to the database. */
export const RISK_LOG_TABLES = `
  CREATE TABLE risk_conditions (kind TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE risk_outbox (n INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL);
`;

/** Entries kept while the database is away; then the oldest go. */
const entriesKeptMax = 1_000;
const entriesPerDrainMax = 50;

/** What a condition is called, at most 30 characters, and how it is told to operators. `details` hold JSON values alone. */
export interface Condition {
  readonly kind: string;
  readonly severity: RiskSeverity;
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number>>;
}

type Entry =
  | { readonly action: 'begin'; readonly event: NewRiskEvent }
  | { readonly action: 'end'; readonly id: string; readonly atMs: number };

export interface RiskLogOptions {
  readonly storage: DurableObjectStorage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly symbol: string;
}

/**
 * Conditions of a market that operators must know: each is told once when it begins and once when it is over, in the log at once and in the
 * database when that is there. Stored with the market's own state, so that a restart neither repeats nor forgets one.
 */
export class RiskLog {
  readonly #options: RiskLogOptions;
  #draining: Promise<void> | null = null;

  constructor(options: RiskLogOptions) {
    this.#options = options;
  }

  /** Kinds of what lasts now. */
  get lasting(): string[] {
    const { sql } = this.#options.storage;
    return rows<{ kind: string }>(sql, 'SELECT kind FROM risk_conditions ORDER BY kind').map(({ kind }) => kind);
  }

  /** A condition holds. Says nothing where it is known to. */
  begin({ kind, severity, message, details = {} }: Condition): void {
    const { storage, clock, logger, symbol } = this.#options;
    if (this.#idOf(kind) !== null) return;
    const event = { id: newId(), kind, symbol, severity, message, details, createdAtMs: clock.nowMs() };
    storage.transactionSync(() => {
      storage.sql.exec('INSERT INTO risk_conditions (kind, id) VALUES (?, ?)', kind, event.id);
      this.#add({ action: 'begin', event });
    });
    const tell = severity === 'critical' ? logger.error : logger.warn;
    tell.call(logger, message, { risk: kind, severity, ...details });
  }

  /** A condition does not hold, or no more. */
  end(kind: string): void {
    const { storage, clock, logger } = this.#options;
    const id = this.#idOf(kind);
    if (id === null) return;
    storage.transactionSync(() => {
      storage.sql.exec('DELETE FROM risk_conditions WHERE kind = ?', kind);
      this.#add({ action: 'end', id, atMs: clock.nowMs() });
    });
    logger.info('a risk is over', { risk: kind });
  }

  /** `begin` or `end`, as the condition holds. */
  set(holds: boolean, condition: Condition): void {
    if (holds) this.begin(condition);
    else this.end(condition.kind);
  }

  /** Hands over what waits, in order. Never throws: what failed waits for the next call. */
  drain(events: Pick<RiskEventRepository, 'create' | 'resolve'>): Promise<void> {
    this.#draining ??= this.#drainAll(events).finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  async #drainAll(events: Pick<RiskEventRepository, 'create' | 'resolve'>): Promise<void> {
    const { storage, logger } = this.#options;
    const query = 'SELECT n, entry FROM risk_outbox ORDER BY n LIMIT ?';
    for (const { n, entry } of rows<{ n: number; entry: string }>(storage.sql, query, entriesPerDrainMax)) {
      const parsed = JSON.parse(entry) as Entry;
      try {
        if (parsed.action === 'begin') await events.create(parsed.event);
        else await events.resolve(parsed.id, parsed.atMs);
      } catch (error) {
        return logger.warn('risk events wait for the database', { error: errorMessage(error) });
      }
      storage.sql.exec('DELETE FROM risk_outbox WHERE n = ?', n);
    }
  }

  #add(entry: Entry): void {
    const { sql } = this.#options.storage;
    sql.exec('INSERT INTO risk_outbox (entry) VALUES (?)', JSON.stringify(entry));
    sql.exec('DELETE FROM risk_outbox WHERE n <= (SELECT MAX(n) FROM risk_outbox) - ?', entriesKeptMax);
  }

  #idOf(kind: string): string | null {
    const query = 'SELECT id FROM risk_conditions WHERE kind = ?';
    return firstRow<{ id: string }>(this.#options.storage.sql, query, kind)?.id ?? null;
  }
}
