import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { TIMERS_TABLE } from '../platform/timers.ts';
import { firstRow } from '../platform/sql.ts';
import { fromStoredJson, toStoredJson } from '../platform/stored-json.ts';
import { CANDLES_TABLE } from './candles.ts';
import {
  CANDIDATE_LIFE,
  CAP_INDEX,
  LEASED_COMMAND,
  LIQUIDATION_INDEX_TABLES,
  POSITION_COUNT,
} from './position-tables.ts';
import { PRICE_POINTS_TABLE } from './price-recorder.ts';
import { RISK_LOG_TABLES } from './risk-log.ts';
import { TRADES_TABLE } from './trade-tape.ts';
import { RESTING_COUNT, TRIGGER_BOOK_TABLES } from './trigger-book.ts';
import { OWED_PAYOUTS_TABLE } from './upkeep.ts';

/** Tables of a market's storage; append-only. */
export const MARKET_MIGRATIONS: readonly string[] = [
  TIMERS_TABLE,
  'CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;',
  CANDLES_TABLE,
  TRIGGER_BOOK_TABLES,
  LIQUIDATION_INDEX_TABLES,
  PRICE_POINTS_TABLE,
  TRADES_TABLE,
  POSITION_COUNT,
  RESTING_COUNT,
  CAP_INDEX,
  OWED_PAYOUTS_TABLE,
  RISK_LOG_TABLES,
  CANDIDATE_LIFE,
  LEASED_COMMAND,
];

/** Single values of a market, by name. */
export class Facts {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get<T>(name: string): T | null {
    const row = firstRow<{ value: string }>(this.#sql, 'SELECT value FROM facts WHERE name = ?', name);
    return row === null ? null : fromStoredJson<T>(row.value);
  }

  set(name: string, value: unknown): void {
    this.#sql.exec('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)', name, toStoredJson(value));
  }
}

/**
 * The market of an object: its name, remembered from the first call, because an alarm may start the object without one.
 *
 * @throws RangeError when there is no such market.
 */
export function symbolOf(state: DurableObjectState): MarketSymbol {
  const facts = new Facts(state.storage.sql);
  const name = state.id.name ?? facts.get<string>('symbol') ?? '';
  if (!isMarketSymbol(name)) throw new RangeError(`${name} is not a market`);
  facts.set('symbol', name);
  return name;
}
