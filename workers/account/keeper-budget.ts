import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { Clock } from '../platform/clock.ts';
import { firstRow } from '../platform/sql.ts';
import type { OrderAttempt } from './contract.ts';
import type { StoredOrder } from './order-machine.ts';

/** Table the object's migrations must contain: attempts of the wallet's orders that no fee paid for, by their signature. */
export const KEEPER_TRANSACTIONS_TABLE = `
  CREATE TABLE keeper_transactions (signature TEXT PRIMARY KEY, sent_ms INTEGER NOT NULL);
  CREATE INDEX keeper_transactions_sent ON keeper_transactions (sent_ms);
`;

/** Transactions of one wallet's orders in 24 h that the exchange pays for and no trading fee makes up for. */
export const unpaidTransactionsPerDayMax = 2_000;
/** Beyond them, what protects a position is sent one at a time, so far apart: 8,640 more a day at most. */
export const protectionPauseMs = 10_000;
/** Fee of a trade that makes up for one transaction, 1e-6 USDC: two signatures and the highest priority fee, 50,000 lamports, at 400 USD a SOL. */
export const payingFeeMin = 20_000n;
const dayMs = 24 * 3_600_000;

export const budgetSpent: Refusal = {
  code: 'RATE_003',
  message:
    'The exchange has paid for enough transactions of your orders in 24 hours: nothing that opens or increases a position or takes margin out is executed until some of them are a day old. Closing, exits and adding margin go on.',
  retryAfterSeconds: 3_600,
};

/**
 * What keepers send for one wallet, whose fees the exchange pays. An attempt counts from the moment it is stored, until it expired without
 * having reached the chain or its order's trade has paid a fee that makes up for it: failures, changes of margin, crumbs and the rent of a
 * new position are what costs. Who has spent the budget opens nothing more; what reduces a position or adds margin is never refused for it.
 */
export class KeeperBudget {
  readonly #sql: SqlStorage;
  readonly #clock: Clock;
  /** When the last turn was taken, milliseconds. */
  #turnMs = 0;

  constructor(sql: SqlStorage, clock: Clock) {
    this.#sql = sql;
    this.#clock = clock;
  }

  /** What the change of an order costs or brings in. Belongs inside its transaction. */
  follow(before: StoredOrder | null, after: StoredOrder): void {
    const newest = after.attempts.at(-1)?.signature;
    if (newest !== undefined && newest !== before?.attempts.at(-1)?.signature) this.#count(newest);
    const paid = after.stage === 'filled' && after.intent === 'trade' ? paidAttempts(after) : [];
    for (const { signature } of paid) this.#giveBack(signature);
    // Turns are kept apart by what brings nothing.
    if (paid.length > 0) this.#turnMs = 0;
    for (const { signature, outcome } of after.attempts) if (outcome === 'expired') this.#giveBack(signature);
  }

  /** Why nothing is executed for this wallet that opens, increases or takes margin out; null while there is room. RATE_003. */
  refusal(): Refusal | null {
    const query = `
      SELECT COUNT(*) AS size FROM (SELECT 1 FROM keeper_transactions WHERE sent_ms > ? LIMIT ${unpaidTransactionsPerDayMax})`;
    const counted = firstRow<{ size: number }>(this.#sql, query, this.#clock.nowMs() - dayMs);
    return (counted?.size ?? 0) < unpaidTransactionsPerDayMax ? null : budgetSpent;
  }

  /** Asked right before signing: 0 where the transaction may be sent, which takes the turn; else how long to wait for it, milliseconds. */
  takeTurn(): number {
    if (this.refusal() === null) return 0;
    const nowMs = this.#clock.nowMs();
    const query = 'SELECT MAX(sent_ms) AS last FROM keeper_transactions';
    const lastMs = Math.max(this.#turnMs, firstRow<{ last: number | null }>(this.#sql, query)?.last ?? 0);
    if (lastMs + protectionPauseMs > nowMs) return lastMs + protectionPauseMs - nowMs;
    this.#turnMs = nowMs;
    return 0;
  }

  #giveBack(signature: string): void {
    this.#sql.exec('DELETE FROM keeper_transactions WHERE signature = ?', signature);
  }

  #count(signature: string): void {
    const now = this.#clock.nowMs();
    this.#sql.exec('DELETE FROM keeper_transactions WHERE sent_ms <= ?', now - dayMs);
    this.#sql.exec('INSERT OR IGNORE INTO keeper_transactions (signature, sent_ms) VALUES (?, ?)', signature, now);
  }
}

/** As many attempts of a filled order as its fee pays for, the one that executed it first. Who brought a position's rent with it has not. */
function paidAttempts({ attempts, transactionHash, fee }: StoredOrder): readonly OrderAttempt[] {
  const landed = attempts.filter(({ signature }) => signature === transactionHash);
  const others = attempts.filter(({ signature }) => signature !== transactionHash);
  const paid = [...landed, ...others].slice(0, Number(fee / payingFeeMin));
  return paid.filter((attempt) => attempt.signature !== transactionHash || !createsPosition(attempt));
}

/** No position has used a command number yet: the attempt creates it, at the exchange's expense. */
const createsPosition = ({ expectedSeq }: OrderAttempt): boolean => expectedSeq === 0n;
