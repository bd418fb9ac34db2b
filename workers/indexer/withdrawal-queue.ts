import type { IndexedEvent } from '#shared/events.ts';
import { rows } from '../platform/sql.ts';

/** Another table the owner's migrations must contain: who holds which ticket of the program's queue of withdrawals. */
export const WITHDRAWALS_TABLE =
  'CREATE TABLE queued_withdrawals (ticket INTEGER PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;';

/** A place in the queue; the program serves them by number. */
export interface QueuedWithdrawal {
  readonly ticket: number;
  readonly owner: string;
}

/** Withdrawals that wait for their turn, as the events say. The chain only knows them by their owners, and serves them by their tickets. */
export class WithdrawalQueue {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Belongs inside the transaction that keeps the events. A cancelled entry keeps its place until its turn. */
  note(events: readonly IndexedEvent[]): void {
    for (const { name, data } of events) {
      const { ticket, owner, left } = data;
      if (typeof ticket !== 'bigint' || typeof owner !== 'string') continue;
      if (name === 'WithdrawalQueued') {
        this.#sql.exec(
          'INSERT OR REPLACE INTO queued_withdrawals (ticket, owner) VALUES (?, ?)',
          Number(ticket),
          owner,
        );
      }
      const isOver = name === 'WithdrawalReturned' || (name === 'WithdrawalPaid' && left === 0n);
      if (isOver) this.#sql.exec('DELETE FROM queued_withdrawals WHERE ticket = ?', Number(ticket));
    }
  }

  /** Takes back what events of a fork said, given in the order they were noted. */
  takeBack(events: readonly IndexedEvent[]): void {
    for (const { name, data } of events.toReversed()) {
      const { ticket, owner, left } = data;
      if (typeof ticket !== 'bigint' || typeof owner !== 'string') continue;
      if (name === 'WithdrawalQueued') {
        this.#sql.exec('DELETE FROM queued_withdrawals WHERE ticket = ?', Number(ticket));
      } else if (name === 'WithdrawalReturned' || (name === 'WithdrawalPaid' && left === 0n)) {
        this.#sql.exec(
          'INSERT OR REPLACE INTO queued_withdrawals (ticket, owner) VALUES (?, ?)',
          Number(ticket),
          owner,
        );
      }
    }
  }

  /** The first in the queue. */
  first(limit: number): QueuedWithdrawal[] {
    return rows<{ ticket: number; owner: string }>(
      this.#sql,
      'SELECT ticket, owner FROM queued_withdrawals ORDER BY ticket LIMIT ?',
      limit,
    );
  }
}
