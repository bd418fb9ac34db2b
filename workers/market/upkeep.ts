import { abs, max } from '#shared/money/divide.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { settle } from '#shared/perps/position.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import { rows } from '../platform/sql.ts';
import { fromStoredJson } from '../platform/stored-json.ts';

/** Another table the owner's migrations must contain: wallets with a payout that neither pool nor insurance could make. */
export const OWED_PAYOUTS_TABLE = 'CREATE TABLE owed_payouts (owner TEXT PRIMARY KEY) WITHOUT ROWID;';

/** Open positions looked at in one slice. */
const positionsPerSliceMax = 500;
/** Funding and borrow, 1e-6 USDC, whose settlement is worth its transaction. */
export const settlementWorthMin = 5_000_000n;

/** What a market's positions need and nobody is in a hurry for: settlements worth their fee, and payouts owed. */
export class Upkeep {
  readonly #sql: SqlStorage;
  /** Where the last slice ended. In memory: after a restart the first slice is read again. */
  #after = '';

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** A position's payout as an event left it, 1e-6 USDC; 0 when it was made in full. */
  notePayout(owner: string, owed: bigint): void {
    const statement =
      owed > 0n ? 'INSERT OR IGNORE INTO owed_payouts (owner) VALUES (?)' : 'DELETE FROM owed_payouts WHERE owner = ?';
    this.#sql.exec(statement, owner);
  }

  owed(limit: number): string[] {
    return rows<{ owner: string }>(this.#sql, 'SELECT owner FROM owed_payouts LIMIT ?', limit).map((row) => row.owner);
  }

  /** Owners in the next slice of the open positions, round and round, whose settlement would move enough now. The market is accrued. */
  unsettled(market: MarketState, limit: number): string[] {
    const query = 'SELECT owner, state FROM open_positions WHERE owner > ? ORDER BY owner LIMIT ?';
    const slice = rows<{ owner: string; state: string }>(this.#sql, query, this.#after, positionsPerSliceMax);
    const due: string[] = [];
    for (const { owner, state } of slice) {
      if (due.length === limit) return due;
      this.#after = owner;
      if (isWorthSettling(market, fromStoredJson<PositionState>(state))) due.push(owner);
    }
    if (slice.length < positionsPerSliceMax) this.#after = '';
    return due;
  }
}

function isWorthSettling(market: MarketState, position: PositionState): boolean {
  try {
    const { funding, borrow } = settle(market, position);
    return abs(funding) + borrow >= max(settlementWorthMin, market.config.minSettleQuote);
  } catch (error) {
    if (error instanceof PerpError) return false;
    throw error;
  }
}
