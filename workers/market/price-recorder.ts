import { price as toPrice } from '#shared/money/units.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { rows } from '../platform/sql.ts';

/** Table the owner's migrations must contain: prices on their way to the database. */
export const PRICE_POINTS_TABLE = `
  CREATE TABLE price_points (publish_time INTEGER PRIMARY KEY, price INTEGER NOT NULL, confidence INTEGER NOT NULL);
`;

/** Prices kept while the database is away: a day at one per ten seconds; then the oldest go. */
const pointsKeptMax = 8_640;
const pointsPerWriteMax = 500;

/** One price for the history in the database. */
export interface PricePoint {
  readonly price: OraclePrice['price'];
  readonly confidence: OraclePrice['conf'];
  /** Whole seconds. */
  readonly publishTime: number;
}

type PointRow = { publish_time: number; price: number; confidence: number };

/** The outbox of the price history: written with the market's own state, handed to the database when it is there. */
export class PriceRecorder {
  readonly #storage: DurableObjectStorage;
  readonly #logger: Logger;
  readonly #write: (points: readonly PricePoint[]) => Promise<void>;
  #draining: Promise<void> | null = null;

  /** `write` must be idempotent: after a crash the same points come again. */
  constructor(storage: DurableObjectStorage, logger: Logger, write: (points: readonly PricePoint[]) => Promise<void>) {
    this.#storage = storage;
    this.#logger = logger;
    this.#write = write;
  }

  add(price: OraclePrice): void {
    const { sql } = this.#storage;
    const statement = 'INSERT OR IGNORE INTO price_points (publish_time, price, confidence) VALUES (?, ?, ?)';
    sql.exec(statement, Number(price.publishTime), Number(price.price), Number(price.conf));
    sql.exec(
      'DELETE FROM price_points WHERE publish_time <= (SELECT publish_time FROM price_points ORDER BY publish_time DESC LIMIT 1 OFFSET ?)',
      pointsKeptMax,
    );
  }

  /** Hands over what waits, one batch at a time. Never throws: what failed waits for the next call. */
  drain(): Promise<void> {
    this.#draining ??= this.#drainAll().finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  async #drainAll(): Promise<void> {
    const query = 'SELECT publish_time, price, confidence FROM price_points ORDER BY publish_time LIMIT ?';
    const { sql } = this.#storage;
    for (let batch = rows<PointRow>(sql, query, pointsPerWriteMax); batch.length > 0;) {
      try {
        await this.#write(batch.map(pointOf));
      } catch (error) {
        this.#logger.warn('price history waits for the database', { points: batch.length, error: errorMessage(error) });
        return;
      }
      sql.exec('DELETE FROM price_points WHERE publish_time <= ?', batch.at(-1)?.publish_time ?? 0);
      batch = rows<PointRow>(sql, query, pointsPerWriteMax);
    }
  }
}

const pointOf = (row: PointRow): PricePoint => ({
  price: toPrice(BigInt(row.price)),
  confidence: toPrice(BigInt(row.confidence)),
  publishTime: row.publish_time,
});
