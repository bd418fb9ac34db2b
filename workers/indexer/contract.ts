import type { IndexedEvent } from '#shared/events.ts';
import type { QueuedWithdrawal } from './withdrawal-queue.ts';

/** What IndexerObject offers (`env.INDEXER.getByName('main')`). */
export interface IndexerRpc {
  /** Something landed: read the chain now instead of at the next tick. Answers when events up to `signature` were handed to the objects, or after `timeoutMs`. */
  nudge(signature: string, timeoutMs: number): Promise<readonly IndexedEvent[]>;
  status(): Promise<IndexerStatus>;
  /** Withdrawals that wait for their turn, the first ones. */
  queuedWithdrawals(limit: number): Promise<readonly QueuedWithdrawal[]>;
  /** The cron sweep's visit: re-arms the timer, retries the database sink. */
  sweep(): Promise<IndexerStatus>;
}

export interface IndexerStatus {
  readonly lastSignature: string | null;
  /** Slots between the chain's confirmed head and the last page read. */
  readonly lagSlots: number;
  /** Streams with a hole, as `market:SOL-PERP`, `account:<wallet>`; at most `holesShownMax`. */
  readonly holes: readonly string[];
  /** Events the database still has to receive. */
  readonly databaseBacklog: number;
  readonly lastError: string | null;
}
