import { isLiquidatable } from '#shared/perps/equity.ts';
import { capPrice, indexKeyBound, liquidationKey, liquidationThreshold } from '#shared/perps/liquidation.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import type { MarketState, OraclePrice, PositionState, Side } from '#shared/perps/types.ts';
import type { Clock } from '../platform/clock.ts';
import { firstRow, rows } from '../platform/sql.ts';
import { fromStoredJson, toStoredJson } from '../platform/stored-json.ts';

/** Bounds of one tick and of what it starts. */
export const liquidationIndexLimits = {
  /** Candidates of one tick; as many as one queue batch takes. The rest follow with the next tick. */
  candidatesPerTickMax: 100,
  checkAlwaysPerTickMax: 100,
  /** How long a candidate has for its check before it is offered again. */
  leaseMs: 15_000,
  /** Pause after a check that left the position as it is. */
  releasePauseMs: 1_000,
  /** Pause of a close at the cap that the pool cannot pay yet; doubles each time, up to the second. */
  capPauseMsMin: 15_000,
  capPauseMsMax: 900_000,
} as const;

/** A position that the risk consumer should look at. `crossedAt` is the publish time at which a warning's line was crossed. */
export type RiskCandidate =
  | { readonly kind: 'liquidation' | 'capped'; readonly owner: string; readonly commandSeq: bigint }
  | { readonly kind: 'warning'; readonly owner: string; readonly commandSeq: bigint; readonly crossedAt: number };

/** A position as the index holds it. */
export interface IndexedPosition {
  readonly owner: string;
  readonly state: PositionState;
  /** Number of the newest event of the position's stream in it; 0 where that is not known. */
  readonly eventSeq: bigint;
}

type PositionRow = { owner: string; command_seq: string; state: string };
type LeasedKind = 'liquidation' | 'capped';
const SIDES: readonly Side[] = ['long', 'short'];
/** What moving margin leaves as it is. */
const STAKE = ['side', 'size', 'entryValue', 'reserve'] as const;

/**
 * The open positions of a market in one ordered index per side (docs/mathematics.md, 12). A tick reads the range that the price put past the
 * threshold: the cost is the hits, not the open positions. The key separates the position's constant from the market's indexes, so the
 * index never goes stale while funding accrues. A third index, of the price that caps a position's profit, finds those to close at once.
 * What a range proposes is tested exactly; the program decides.
 */
export class LiquidationIndex {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  /** No lease and no pause ends before; kept so that a tick of a quiet market writes nothing. */
  #nothingEndsBefore = 0;

  constructor(storage: DurableObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  get size(): number {
    return this.#count('SELECT n FROM position_count');
  }

  get candidatesInFlight(): number {
    return this.#count('SELECT COUNT(*) AS n FROM open_positions WHERE leased_until > 0');
  }

  /** How long the candidate that waits longest has been one; null where none waits. */
  get oldestCandidateMs(): number | null {
    const query =
      'SELECT MIN(candidate_since) AS since FROM open_positions WHERE candidate_since > 0 AND leased_until > 0';
    const since = firstRow<{ since: number | null }>(this.#storage.sql, query)?.since ?? null;
    return since === null ? null : this.#clock.nowMs() - since;
  }

  /**
   * The position as an event left it; a flat one leaves the index. Ends a lease and a pause: what was offered is not what is there now. Where
   * only margin moved both stand, since the check reads the position anew: an owner who moves a little at every slot neither puts his
   * liquidation off nor has one proposed at every tick. An event older than what is there changes nothing.
   */
  set(owner: string, position: PositionState, eventSeq = 0n): void {
    const { sql } = this.#storage;
    if (position.size === 0n) {
      sql.exec('DELETE FROM open_positions WHERE owner = ? AND (event_seq <= ? OR ? = 0)', owner, ...twice(eventSeq));
      return;
    }
    const before = this.find(owner)?.state ?? null;
    const ended =
      before !== null && STAKE.every((field) => before[field] === position[field])
        ? ''
        : ", leased_until = 0, leased_seq = '', candidate_since = 0, cap_paused_until = 0, cap_pauses = 0";
    sql.exec(
      `INSERT INTO open_positions (owner, side, command_seq, event_seq, state, liquidation_key, check_always, cap_key, cap_always)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (owner) DO UPDATE SET side = excluded.side, command_seq = excluded.command_seq,
         event_seq = excluded.event_seq, state = excluded.state, liquidation_key = excluded.liquidation_key,
         check_always = excluded.check_always, cap_key = excluded.cap_key, cap_always = excluded.cap_always${ended}
       WHERE excluded.event_seq >= event_seq OR excluded.event_seq = 0`,
      owner,
      position.side,
      String(position.seq),
      Number(eventSeq),
      ...indexed(position),
    );
  }

  /** The position as its settlement left it: the same command, so a check under way and a warning stand. */
  settle(owner: string, settled: Omit<PositionState, 'seq' | 'payoutOwed'>, eventSeq = 0n): void {
    const { sql } = this.#storage;
    const row = firstRow<{ state: string }>(sql, 'SELECT state FROM open_positions WHERE owner = ?', owner);
    if (row === null) return;
    const { seq, payoutOwed } = fromStoredJson<PositionState>(row.state);
    sql.exec(
      `UPDATE open_positions SET state = ?, liquidation_key = ?, check_always = ?, cap_key = ?, cap_always = ?, event_seq = ?
       WHERE owner = ? AND (event_seq <= ? OR ? = 0)`,
      ...indexed({ ...settled, seq, payoutOwed }),
      Number(eventSeq),
      owner,
      ...twice(eventSeq),
    );
  }

  /** The owner has no position. */
  remove(owner: string): void {
    this.#storage.sql.exec('DELETE FROM open_positions WHERE owner = ?', owner);
  }

  /** What is known of an owner's position. */
  find(owner: string): IndexedPosition | null {
    const query = 'SELECT state, event_seq FROM open_positions WHERE owner = ?';
    const row = firstRow<{ state: string; event_seq: number }>(this.#storage.sql, query, owner);
    return row === null
      ? null
      : { owner, state: fromStoredJson<PositionState>(row.state), eventSeq: BigInt(row.event_seq) };
  }

  /** Whether a row's keys are those of its state, and are the ones looked for. */
  isKeyedAs(owner: string, position: PositionState): boolean {
    const query =
      'SELECT side, command_seq, liquidation_key, check_always, cap_key, cap_always FROM open_positions WHERE owner = ?';
    const row = firstRow<Record<string, SqlStorageValue>>(this.#storage.sql, query, owner);
    const [, ...keys] = indexed(position);
    const wanted = [position.side, String(position.seq), ...keys];
    return row !== null && Object.values(row).every((value, at) => value === wanted[at]);
  }

  /** Owners after one, in their order, at most `limit`. */
  ownersAfter(owner: string, limit: number): string[] {
    const query = 'SELECT owner FROM open_positions WHERE owner > ? ORDER BY owner LIMIT ?';
    return rows<{ owner: string }>(this.#storage.sql, query, owner, limit).map((row) => row.owner);
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

  /** The positions liquidatable at this price, checks under way or not, the riskiest first; changes nothing. */
  unhealthy(market: MarketState, price: OraclePrice, limit: number): IndexedPosition[] {
    const underCheck = 'SELECT owner, command_seq, state FROM open_positions WHERE leased_until > 0 LIMIT ?';
    const leased = rows<PositionRow>(this.#storage.sql, underCheck, liquidationIndexLimits.candidatesPerTickMax);
    const { maintenanceMarginBps } = market.config;
    const unhealthy = leased.filter((row) => isLiquidatable(stateOf(row), market, price.price, maintenanceMarginBps));
    return [...this.#unhealthy(market, price), ...unhealthy]
      .slice(0, limit)
      .map((row) => ({ owner: row.owner, state: stateOf(row), eventSeq: 0n }));
  }

  /** The positions of a side that are nearest to their liquidation, those under a check left out; changes nothing. */
  nearest(side: Side, limit: number): PositionState[] {
    // Literals for the same reason as in #pastThreshold.
    const query = `
      SELECT owner, command_seq, state FROM open_positions
      WHERE leased_until = 0 AND check_always = 0 AND side = '${side}'
      ORDER BY liquidation_key ${side === 'long' ? 'DESC' : 'ASC'} LIMIT ?`;
    return rows<PositionRow>(this.#storage.sql, query, limit).map(stateOf);
  }

  /** The check of the candidate found at `commandSeq` is over and the position still there: it may be offered again after a pause. */
  release(owner: string, commandSeq: bigint): void {
    const until = this.#clock.nowMs() + liquidationIndexLimits.releasePauseMs;
    const statement =
      'UPDATE open_positions SET leased_until = ?, candidate_since = 0 WHERE owner = ? AND leased_seq = ? AND leased_until > 0';
    this.#storage.sql.exec(statement, until, owner, String(commandSeq));
    this.#endsAt(until);
  }

  /** The pool cannot pay a position at its cap now: its close is offered again after a pause that grows. Its liquidation is not put off. */
  pauseCap(owner: string, commandSeq: bigint): void {
    const { capPauseMsMin, capPauseMsMax } = liquidationIndexLimits;
    this.#storage.sql.exec(
      `UPDATE open_positions SET leased_until = 0, candidate_since = 0, cap_pauses = cap_pauses + 1,
         cap_paused_until = ? + MIN(?, ? * (1 << MIN(cap_pauses, 16)))
       WHERE owner = ? AND leased_seq = ?`,
      this.#clock.nowMs(),
      capPauseMsMax,
      capPauseMsMin,
      owner,
      String(commandSeq),
    );
    this.#endsAt(this.#clock.nowMs() + capPauseMsMin);
  }

  /** A candidate could not be handed over: it is offered with the next tick. */
  giveBack(owners: readonly string[]): void {
    const statement = 'UPDATE open_positions SET leased_until = 0, candidate_since = 0 WHERE owner = ?';
    for (const owner of owners) this.#storage.sql.exec(statement, owner);
  }

  /** Forgets since when those have waited that are candidates no more. */
  tidy(): void {
    this.#storage.sql.exec(
      'UPDATE open_positions SET candidate_since = 0 WHERE candidate_since > 0 AND leased_until = 0',
    );
  }

  #leased(kind: LeasedKind, find: () => PositionRow[]): RiskCandidate[] {
    const now = this.#clock.nowMs();
    this.#endLeases(now);
    const candidates = find().slice(0, liquidationIndexLimits.candidatesPerTickMax);
    if (candidates.length === 0) return [];
    this.#storage.transactionSync(() => {
      for (const { owner } of candidates) this.#lease(owner, now);
    });
    return candidates.map(({ owner, command_seq }) => ({ kind, owner, commandSeq: BigInt(command_seq) }));
  }

  #unhealthy(market: MarketState, price: OraclePrice): PositionRow[] {
    const { maintenanceMarginBps } = market.config;
    const hits = [...SIDES.flatMap((side) => this.#pastThreshold(side, market, price)), ...this.#checkedAlways()];
    return hits.filter((row) => isLiquidatable(stateOf(row), market, price.price, maintenanceMarginBps));
  }

  #pastCap(price: OraclePrice): PositionRow[] {
    // Literals for the same reason as in #pastThreshold.
    const open = 'leased_until = 0 AND cap_paused_until = 0';
    const ranges = SIDES.map(
      (side) => `
      SELECT owner, command_seq, state FROM (
        SELECT owner, command_seq, state FROM open_positions
        WHERE ${open} AND cap_always = 0 AND side = '${side}' AND cap_key ${side === 'long' ? '<=' : '>='} ?1
        ORDER BY cap_key ${side === 'long' ? 'ASC' : 'DESC'} LIMIT ?2)`,
    );
    const always = `SELECT owner, command_seq, state FROM (SELECT * FROM open_positions WHERE ${open} AND cap_always = 1 LIMIT ?2)`;
    const query = [...ranges, always].join(' UNION ALL ');
    const limit = liquidationIndexLimits.candidatesPerTickMax;
    const hits = rows<PositionRow>(this.#storage.sql, query, Number(clampedPrice(price)), limit);
    return hits.filter((row) => isCapped(stateOf(row), price.price));
  }

  #endLeases(now: number): void {
    if (now < this.#nothingEndsBefore) return;
    const { sql } = this.#storage;
    sql.exec('UPDATE open_positions SET leased_until = 0 WHERE leased_until > 0 AND leased_until <= ?', now);
    sql.exec(
      'UPDATE open_positions SET cap_paused_until = 0 WHERE cap_paused_until > 0 AND cap_paused_until <= ?',
      now,
    );
    const query = `
      SELECT MIN(leased_until) AS at FROM open_positions WHERE leased_until > 0
      UNION ALL SELECT MIN(cap_paused_until) FROM open_positions WHERE cap_paused_until > 0`;
    const ends = rows<{ at: number | null }>(sql, query).map(({ at }) => at ?? Number.POSITIVE_INFINITY);
    this.#nothingEndsBefore = Math.min(...ends);
  }

  #endsAt(at: number): void {
    this.#nothingEndsBefore = Math.min(this.#nothingEndsBefore, at);
  }

  #lease(owner: string, now: number): void {
    const statement = `
      UPDATE open_positions SET leased_until = ?1, leased_seq = command_seq, candidate_since = CASE candidate_since WHEN 0 THEN ?2 ELSE candidate_since END
      WHERE owner = ?3`;
    this.#storage.sql.exec(statement, now + liquidationIndexLimits.leaseMs, now, owner);
    this.#endsAt(now + liquidationIndexLimits.leaseMs);
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

  #count(query: string): number {
    return firstRow<{ n: number }>(this.#storage.sql, query)?.n ?? 0;
  }
}

const stateOf = ({ state }: PositionRow): PositionState => fromStoredJson<PositionState>(state);

/** Event numbers stay far below 2^53. */
const twice = (eventSeq: bigint): [number, number] => [Number(eventSeq), Number(eventSeq)];

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
