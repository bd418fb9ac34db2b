import { isLiquidatable } from '#shared/perps/equity.ts';
import {
  capPrice,
  indexKeyBound,
  liquidationKey,
  liquidationThreshold,
  warningMarginBps,
} from '#shared/perps/liquidation.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import type { MarketState, OraclePrice, PositionState, Side } from '#shared/perps/types.ts';
import type { Clock } from '../platform/clock.ts';
import { firstRow, rows } from '../platform/sql.ts';
import { fromStoredJson, toStoredJson } from '../platform/stored-json.ts';

/**
 * Tables the owner's migrations must contain. One open position per wallet; keys are 1e-8 USD within ±2^52. A position with a candidate
 * under way is out of the partial indexes until its lease ends.
 */
export const LIQUIDATION_INDEX_TABLES = `
  CREATE TABLE open_positions (
    owner TEXT PRIMARY KEY,
    side TEXT NOT NULL CHECK (side IN ('long', 'short')),
    command_seq TEXT NOT NULL,
    state TEXT NOT NULL,
    liquidation_key INTEGER NOT NULL,
    check_always INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0,
    warned_until INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX positions_by_key ON open_positions (side, liquidation_key) WHERE leased_until = 0 AND check_always = 0;
  CREATE INDEX positions_check_always ON open_positions (owner) WHERE leased_until = 0 AND check_always = 1;
  CREATE INDEX positions_leased ON open_positions (leased_until) WHERE leased_until > 0;
  CREATE TABLE warning_thresholds (side TEXT PRIMARY KEY, threshold INTEGER NOT NULL);
`;

/** The third index of an open position: the price from which it can win nothing more. Positions stored before it are checked always. */
export const CAP_INDEX = `
  ALTER TABLE open_positions ADD COLUMN cap_key INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE open_positions ADD COLUMN cap_always INTEGER NOT NULL DEFAULT 1;
  CREATE INDEX positions_by_cap ON open_positions (side, cap_key) WHERE leased_until = 0 AND cap_always = 0;
  CREATE INDEX positions_cap_always ON open_positions (owner) WHERE leased_until = 0 AND cap_always = 1;
`;

/** The number of open positions, kept by the database itself: counting a million rows for a figure in a log would cost more than a day of ticks. */
export const POSITION_COUNT = `
  CREATE TABLE position_count (n INTEGER NOT NULL);
  INSERT INTO position_count SELECT COUNT(*) FROM open_positions;
  CREATE TRIGGER position_opened AFTER INSERT ON open_positions BEGIN UPDATE position_count SET n = n + 1; END;
  CREATE TRIGGER position_closed AFTER DELETE ON open_positions BEGIN UPDATE position_count SET n = n - 1; END;
`;

/** Bounds of one tick and of what it starts. */
export const liquidationIndexLimits = {
  /** Candidates of one tick; as many as one queue batch takes. The rest follow with the next tick. */
  candidatesPerTickMax: 100,
  warningsPerTickMax: 100,
  checkAlwaysPerTickMax: 100,
  /** How long a candidate has for its check before it is offered again. */
  leaseMs: 15_000,
  /** Pause after a check that left the position as it is. */
  releasePauseMs: 1_000,
  /** A trader is warned again after this time at the earliest. */
  warningPauseMs: 600_000,
} as const;

/** A position that the risk consumer should look at. */
export interface RiskCandidate {
  readonly kind: 'liquidation' | 'capped' | 'warning';
  readonly owner: string;
  readonly commandSeq: bigint;
}

type PositionRow = { owner: string; command_seq: string; state: string };
/** Whose lease is set: a candidate of a check. */
type LeasedKind = Exclude<RiskCandidate['kind'], 'warning'>;
const SIDES: readonly Side[] = ['long', 'short'];

/**
 * The open positions of a market in one ordered index per side (specification 12). A tick reads the range that the price put past the
 * threshold: the cost is the hits, not the open positions. The key separates the position's constant from the market's indexes, so the
 * index never goes stale while funding accrues. A third index, of the price that caps a position's profit, finds those to close at once.
 * What a range proposes is tested exactly; the program decides.
 */
export class LiquidationIndex {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  /** Where each side's warnings were last read up to. In memory; `flush` stores it, so that a tick costs no row. */
  readonly #warningThresholds = new Map<Side, number>();

  constructor(storage: DurableObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
    const stored = rows<{ side: Side; threshold: number }>(
      storage.sql,
      'SELECT side, threshold FROM warning_thresholds',
    );
    for (const { side, threshold } of stored) this.#warningThresholds.set(side, threshold);
  }

  get size(): number {
    return this.#count('SELECT n FROM position_count');
  }

  get candidatesInFlight(): number {
    return this.#count('SELECT COUNT(*) AS n FROM open_positions WHERE leased_until > 0');
  }

  /** The position as an event left it; a flat one leaves the index. Ends a lease: what was offered is not what is there now. */
  set(owner: string, position: PositionState): void {
    const { sql } = this.#storage;
    if (position.size === 0n) {
      sql.exec('DELETE FROM open_positions WHERE owner = ?', owner);
      return;
    }
    sql.exec(
      `INSERT INTO open_positions (owner, side, command_seq, state, liquidation_key, check_always, cap_key, cap_always)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (owner) DO UPDATE SET side = excluded.side, command_seq = excluded.command_seq, state = excluded.state,
         liquidation_key = excluded.liquidation_key, check_always = excluded.check_always, cap_key = excluded.cap_key,
         cap_always = excluded.cap_always, leased_until = 0, warned_until = 0`,
      owner,
      position.side,
      String(position.seq),
      ...indexed(position),
    );
  }

  /** The position as its settlement left it: the same command, so a check under way and a warning stand. */
  settle(owner: string, settled: Omit<PositionState, 'seq' | 'payoutOwed'>): void {
    const { sql } = this.#storage;
    const row = firstRow<{ state: string }>(sql, 'SELECT state FROM open_positions WHERE owner = ?', owner);
    if (row === null) return;
    const { seq, payoutOwed } = fromStoredJson<PositionState>(row.state);
    sql.exec(
      `UPDATE open_positions SET state = ?, liquidation_key = ?, check_always = ?, cap_key = ?, cap_always = ? WHERE owner = ?`,
      ...indexed({ ...settled, seq, payoutOwed }),
      owner,
    );
  }

  /** Positions that this price makes liquidatable, each leased to its check; what it returns must be sent. */
  liquidatable(market: MarketState, price: OraclePrice): RiskCandidate[] {
    return this.#leased('liquidation', () => this.#unhealthy(market, price));
  }

  /** Positions that can win nothing more at this price, leased to their check as those of `liquidatable`, which is to be called before. */
  capped(price: OraclePrice): RiskCandidate[] {
    return this.#leased('capped', () => this.#pastCap(price));
  }

  /** Whether a position waits for a liquidation or a close at this price, with a check under way or without. */
  hasUrgent(market: MarketState, price: OraclePrice): boolean {
    this.#endLeases(this.#clock.nowMs());
    if (this.candidatesInFlight > 0) return true;
    return this.#unhealthy(market, price).length > 0 || this.#pastCap(price).length > 0;
  }

  /** Positions that fell below one and a half times the maintenance margin since the last call: only the range crossed is read. */
  warnings(market: MarketState, price: OraclePrice): RiskCandidate[] {
    return this.#storage.transactionSync(() =>
      SIDES.flatMap((side) => this.#crossed(side, market, price)).map(({ owner, command_seq }) => ({
        kind: 'warning',
        owner,
        commandSeq: BigInt(command_seq),
      })),
    );
  }

  /** A check is over and the position is still what it was: it may be offered again after a pause. */
  release(owner: string, commandSeq: bigint): void {
    const until = this.#clock.nowMs() + liquidationIndexLimits.releasePauseMs;
    const statement =
      'UPDATE open_positions SET leased_until = ? WHERE owner = ? AND command_seq = ? AND leased_until > 0';
    this.#storage.sql.exec(statement, until, owner, String(commandSeq));
  }

  /** A candidate could not be handed over: it is offered with the next tick. */
  giveBack(owners: readonly string[]): void {
    for (const owner of owners) this.#lease(owner, 0);
  }

  /** Stores how far warnings were read; after a crash the range since the last flush is read again. */
  flush(): void {
    for (const [side, threshold] of this.#warningThresholds) {
      const statement = 'INSERT OR REPLACE INTO warning_thresholds (side, threshold) VALUES (?, ?)';
      this.#storage.sql.exec(statement, side, threshold);
    }
  }

  #leased(kind: LeasedKind, find: () => PositionRow[]): RiskCandidate[] {
    return this.#storage.transactionSync(() => {
      const now = this.#clock.nowMs();
      this.#endLeases(now);
      const candidates = find().slice(0, liquidationIndexLimits.candidatesPerTickMax);
      for (const { owner } of candidates) this.#lease(owner, now + liquidationIndexLimits.leaseMs);
      return candidates.map(({ owner, command_seq }) => ({ kind, owner, commandSeq: BigInt(command_seq) }));
    });
  }

  #unhealthy(market: MarketState, price: OraclePrice): PositionRow[] {
    const { maintenanceMarginBps } = market.config;
    const hits = [...SIDES.flatMap((side) => this.#pastThreshold(side, market, price)), ...this.#checkedAlways()];
    return hits.filter((row) => isLiquidatable(stateOf(row), market, price.price, maintenanceMarginBps));
  }

  #pastCap(price: OraclePrice): PositionRow[] {
    // Literals for the same reason as in #pastThreshold.
    const ranges = SIDES.map(
      (side) => `
      SELECT owner, command_seq, state FROM (
        SELECT owner, command_seq, state FROM open_positions
        WHERE leased_until = 0 AND cap_always = 0 AND side = '${side}' AND cap_key ${side === 'long' ? '<=' : '>='} ?1
        ORDER BY cap_key ${side === 'long' ? 'ASC' : 'DESC'} LIMIT ?2)`,
    );
    const always =
      'SELECT owner, command_seq, state FROM (SELECT * FROM open_positions WHERE leased_until = 0 AND cap_always = 1 LIMIT ?2)';
    const query = [...ranges, always].join(' UNION ALL ');
    const limit = liquidationIndexLimits.candidatesPerTickMax;
    const hits = rows<PositionRow>(this.#storage.sql, query, Number(clampedPrice(price)), limit);
    return hits.filter((row) => isCapped(stateOf(row), price.price));
  }

  #endLeases(now: number): void {
    const statement = 'UPDATE open_positions SET leased_until = 0 WHERE leased_until > 0 AND leased_until <= ?';
    this.#storage.sql.exec(statement, now);
  }

  #lease(owner: string, until: number): void {
    this.#storage.sql.exec('UPDATE open_positions SET leased_until = ? WHERE owner = ?', until, owner);
  }

  #pastThreshold(side: Side, market: MarketState, price: OraclePrice): PositionRow[] {
    const threshold = Number(liquidationThreshold(side, price.price, market, market.config.maintenanceMarginBps));
    // The literals of the WHERE clause are those of the partial index: bound as values, SQLite would not use it.
    const query = `
      SELECT owner, command_seq, state FROM open_positions
      WHERE leased_until = 0 AND check_always = 0 AND side = '${side}' AND liquidation_key ${side === 'long' ? '>' : '<'} ?
      ORDER BY liquidation_key ${side === 'long' ? 'DESC' : 'ASC'} LIMIT ?`;
    return rows<PositionRow>(this.#storage.sql, query, threshold, liquidationIndexLimits.candidatesPerTickMax);
  }

  #checkedAlways(): PositionRow[] {
    const query =
      'SELECT owner, command_seq, state FROM open_positions WHERE leased_until = 0 AND check_always = 1 LIMIT ?';
    return rows<PositionRow>(this.#storage.sql, query, liquidationIndexLimits.checkAlwaysPerTickMax);
  }

  #crossed(side: Side, market: MarketState, price: OraclePrice): PositionRow[] {
    const marginBps = warningMarginBps(market.config.maintenanceMarginBps);
    const threshold = Number(liquidationThreshold(side, price.price, market, marginBps));
    const previous = this.#warningThresholds.get(side) ?? threshold;
    this.#warningThresholds.set(side, threshold);
    if (previous === threshold) return [];
    const range =
      side === 'long'
        ? 'liquidation_key > ?1 AND liquidation_key <= ?2'
        : 'liquidation_key < ?1 AND liquidation_key >= ?2';
    const now = this.#clock.nowMs();
    const query = `
      SELECT owner, command_seq, state FROM open_positions
      WHERE leased_until = 0 AND check_always = 0 AND side = '${side}' AND ${range} AND warned_until <= ?3 LIMIT ?4`;
    const limit = liquidationIndexLimits.warningsPerTickMax;
    const crossed = rows<PositionRow>(this.#storage.sql, query, threshold, previous, now, limit);
    // A full answer may not be all of it: the same range, without those warned now, is read again with the next tick.
    if (crossed.length === limit) this.#warningThresholds.set(side, previous);
    for (const { owner } of crossed) {
      const until = now + liquidationIndexLimits.warningPauseMs;
      this.#storage.sql.exec('UPDATE open_positions SET warned_until = ? WHERE owner = ?', until, owner);
    }
    return crossed;
  }

  #count(query: string): number {
    return firstRow<{ n: number }>(this.#storage.sql, query)?.n ?? 0;
  }
}

const stateOf = ({ state }: PositionRow): PositionState => fromStoredJson<PositionState>(state);

/** Keys end at a bound that doubles keep exactly; so must what they are compared with. */
const clampedPrice = ({ price }: OraclePrice): bigint => (price < indexKeyBound ? price : indexKeyBound);

/** Values of the columns state, liquidation_key, check_always, cap_key and cap_always. */
function indexed(position: PositionState): [string, number, number, number, number] {
  const liquidation = liquidationKey(position);
  const cap = capPrice(position);
  return [
    toStoredJson(position),
    Number(liquidation.key),
    liquidation.checkAlways ? 1 : 0,
    Number(cap.key),
    cap.checkAlways ? 1 : 0,
  ];
}
