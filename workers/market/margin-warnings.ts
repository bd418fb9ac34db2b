import { isLiquidatable } from '#shared/perps/equity.ts';
import { liquidationThreshold, rearmMarginBps, warningMarginBps } from '#shared/perps/liquidation.ts';
import type { MarketState, OraclePrice, PositionState, Side } from '#shared/perps/types.ts';
import type { Clock } from '../platform/clock.ts';
import { rows } from '../platform/sql.ts';
import { fromStoredJson } from '../platform/stored-json.ts';
import type { RiskCandidate } from './liquidation-index.ts';

/** Bounds of one tick's warnings. */
export const marginWarningLimits = {
  warningsPerTickMax: 100,
  /** A warning that the queue has not confirmed, or that was not given, is not handed over again within this time. */
  inFlightMs: 15_000,
} as const;

/** Where a position's warning stands, as stored. */
const ARMED = 0;
const TOLD = 1;
const TO_TELL = 2;

type PositionRow = {
  owner: string;
  side: Side;
  command_seq: string;
  state: string;
  liquidation_key: number;
  crossed_at: number;
};
const SIDES: readonly Side[] = ['long', 'short'];

/**
 * Warns once per crossing of one and a half times the maintenance margin, and arms again only where the margin is at least 1.6 times: a price
 * that trembles around the line tells nobody twice. Reads only the range of keys that was crossed since the last tick. What is to be told is
 * stored until the queue has it, so that neither a crash nor an outage swallows a warning.
 */
export class MarginWarnings {
  readonly #storage: DurableObjectStorage;
  readonly #clock: Clock;
  /** Where each side was last read up to. In memory; `flush` stores it, so that a tick costs no row. */
  readonly #thresholds = new Map<Side, number>();
  /** Whether anybody may be told, or wait to be: a tick of a quiet market asks neither. */
  #isAnyTold = true;
  #isAnyToTell = true;
  /** Owners whose warning is on its way, and until when. */
  readonly #inFlight = new Map<string, number>();

  constructor(storage: DurableObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
    const query = 'SELECT side, threshold FROM warning_thresholds';
    for (const { side, threshold } of rows<{ side: Side; threshold: number }>(storage.sql, query)) {
      this.#thresholds.set(side, threshold);
    }
  }

  /** Who is to be warned at this price; what it returns must be sent, and `told` or `notTold` be called with it. */
  due(market: MarketState, price: OraclePrice): RiskCandidate[] {
    if (this.#isAnyTold) this.#rearmSafe(market, price);
    for (const side of SIDES) this.#cross(side, market, price);
    return this.#isAnyToTell ? this.#toTell(market, price) : [];
  }

  /** The queue has them. */
  told(owners: readonly string[]): void {
    const statement = `UPDATE open_positions SET warning = ${TOLD} WHERE owner = ? AND warning = ${TO_TELL}`;
    for (const owner of owners) {
      this.#storage.sql.exec(statement, owner);
      this.#inFlight.delete(owner);
    }
    this.#isAnyTold ||= owners.length > 0;
  }

  /** The queue did not take them: they are due with the next tick. */
  notTold(owners: readonly string[]): void {
    for (const owner of owners) this.#inFlight.delete(owner);
  }

  /** Whether to warn is decided at the next tick, exactly; who was told already is not told again, unless that was `missed`. */
  lookAgain(owner: string, missed = false): void {
    const seconds = Math.floor(this.#clock.nowMs() / 1_000);
    const from = missed ? `${ARMED}, ${TOLD}` : `${ARMED}`;
    const statement = `UPDATE open_positions SET warning = ${TO_TELL}, crossed_at = ? WHERE owner = ? AND warning IN (${from})`;
    this.#storage.sql.exec(statement, seconds, owner);
    this.#isAnyToTell = true;
    // The price here and the chain's may go on to disagree.
    if (missed) this.#inFlight.set(owner, this.#clock.nowMs() + marginWarningLimits.inFlightMs);
  }

  /** Stores how far was read; after a crash the range since the last flush is read again. */
  flush(): void {
    const now = this.#clock.nowMs();
    for (const [owner, until] of this.#inFlight) if (until <= now) this.#inFlight.delete(owner);
    for (const [side, threshold] of this.#thresholds) {
      const statement = 'INSERT OR REPLACE INTO warning_thresholds (side, threshold) VALUES (?, ?)';
      this.#storage.sql.exec(statement, side, threshold);
    }
  }

  #rearmSafe(market: MarketState, price: OraclePrice): void {
    for (const side of SIDES) this.#rearm(side, market, price);
    this.#isAnyTold =
      rows(this.#storage.sql, `SELECT 1 AS one FROM open_positions WHERE warning = ${TOLD} LIMIT 1`).length > 0;
  }

  #rearm(side: Side, market: MarketState, price: OraclePrice): void {
    const marginBps = rearmMarginBps(market.config.maintenanceMarginBps);
    const threshold = Number(liquidationThreshold(side, price.price, market, marginBps));
    // Literals, as in the index itself: bound as values, SQLite would not use the partial index.
    const safe = side === 'long' ? 'liquidation_key <= ?' : 'liquidation_key >= ?';
    const statement = `UPDATE open_positions SET warning = ${ARMED} WHERE warning = ${TOLD} AND side = '${side}' AND ${safe}`;
    this.#storage.sql.exec(statement, threshold);
  }

  #cross(side: Side, market: MarketState, price: OraclePrice): void {
    const marginBps = warningMarginBps(market.config.maintenanceMarginBps);
    const threshold = Number(liquidationThreshold(side, price.price, market, marginBps));
    const previous = this.#thresholds.get(side) ?? threshold;
    this.#thresholds.set(side, threshold);
    if (previous === threshold) return;
    const range =
      side === 'long'
        ? 'liquidation_key > ?1 AND liquidation_key <= ?2'
        : 'liquidation_key < ?1 AND liquidation_key >= ?2';
    const query = `
      SELECT owner FROM open_positions
      WHERE leased_until = 0 AND check_always = 0 AND side = '${side}' AND ${range} AND warning = ${ARMED} LIMIT ?3`;
    const limit = marginWarningLimits.warningsPerTickMax;
    const crossed = rows<{ owner: string }>(this.#storage.sql, query, threshold, previous, limit);
    // A full answer may not be all of it: the same range, without those found now, is read again with the next tick.
    if (crossed.length === limit) this.#thresholds.set(side, previous);
    const statement = `UPDATE open_positions SET warning = ${TO_TELL}, crossed_at = ? WHERE owner = ?`;
    for (const { owner } of crossed) this.#storage.sql.exec(statement, Number(price.publishTime), owner);
    this.#isAnyToTell ||= crossed.length > 0;
  }

  /** Those to tell that are below the margin at this price; whom a later crossing will find is armed again instead. */
  #toTell(market: MarketState, price: OraclePrice): RiskCandidate[] {
    const now = this.#clock.nowMs();
    const marginBps = warningMarginBps(market.config.maintenanceMarginBps);
    const query = `
      SELECT owner, side, command_seq, state, liquidation_key, crossed_at FROM open_positions
      WHERE warning = ${TO_TELL} LIMIT ?`;
    const limit = marginWarningLimits.warningsPerTickMax + this.#inFlight.size;
    const found = rows<PositionRow>(this.#storage.sql, query, limit);
    this.#isAnyToTell = found.length > 0;
    return found.flatMap(
      ({ owner, side, command_seq: commandSeq, state, liquidation_key: key, crossed_at: crossedAt }) => {
        if ((this.#inFlight.get(owner) ?? 0) > now) return [];
        const read = this.#thresholds.get(side) ?? 0;
        if (isLiquidatable(fromStoredJson<PositionState>(state), market, price.price, marginBps)) {
          this.#inFlight.set(owner, now + marginWarningLimits.inFlightMs);
          return [{ kind: 'warning' as const, owner, commandSeq: BigInt(commandSeq), crossedAt }];
        }
        const isAhead = side === 'long' ? key <= read : key >= read;
        if (isAhead) this.#storage.sql.exec(`UPDATE open_positions SET warning = ${ARMED} WHERE owner = ?`, owner);
        return [];
      },
    );
  }
}
