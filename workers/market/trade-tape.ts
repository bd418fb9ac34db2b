import { price, size } from '#shared/money/units.ts';
import type { IndexedEvent } from '#shared/events.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import type { PublicTradeDto } from '#shared/protocol/market.ts';
import { derivedId } from '../platform/ids.ts';
import { rows } from '../platform/sql.ts';
import { fromStoredJson, toStoredJson } from '../platform/stored-json.ts';
import type { MarketEffect } from './market-events.ts';

/** Table the owner's migrations must contain. */
export const TRADES_TABLE = 'CREATE TABLE trades (number INTEGER PRIMARY KEY AUTOINCREMENT, trade TEXT NOT NULL);';

/** Trades a new subscriber is shown. */
export const tradesKeptMax = 50;

/** The market's latest trades, without their owners. */
export class TradeTape {
  readonly #sql: SqlStorage;
  readonly #symbol: MarketSymbol;

  constructor(sql: SqlStorage, symbol: MarketSymbol) {
    this.#sql = sql;
    this.#symbol = symbol;
  }

  add(event: IndexedEvent, trade: NonNullable<MarketEffect['trade']>): PublicTradeDto {
    const entry: PublicTradeDto = {
      id: derivedId('trade', event.signature, event.indexInTransaction),
      symbol: this.#symbol,
      side: trade.side,
      quantity: size(trade.size),
      price: price(trade.price),
      liquidation: trade.liquidation,
      publish_time: Number(trade.publishTime),
      transaction_hash: event.signature,
      created_at: new Date(event.blockTimeMs).toISOString(),
    };
    this.#sql.exec('INSERT INTO trades (trade) VALUES (?)', toStoredJson(entry));
    this.#sql.exec('DELETE FROM trades WHERE number <= (SELECT MAX(number) FROM trades) - ?', tradesKeptMax);
    return entry;
  }

  /** Newest first. */
  latest(): PublicTradeDto[] {
    const query = 'SELECT trade FROM trades ORDER BY number DESC LIMIT ?';
    return rows<{ trade: string }>(this.#sql, query, tradesKeptMax).map((row) => fromStoredJson(row.trade));
  }
}
