import { TIMERS_TABLE } from '../platform/timers.ts';
import { EVENT_TABLES, REWINDS_TABLE } from './event-store.ts';
import { ROLLBACKS_TABLE } from './rollbacks.ts';
import { TRANSACTION_TABLES } from './transaction-log.ts';
import { WITHDRAWALS_TABLE } from './withdrawal-queue.ts';

/** Tables of the indexer's storage; append-only. */
export const INDEXER_MIGRATIONS: readonly string[] = [
  TIMERS_TABLE,
  TRANSACTION_TABLES,
  EVENT_TABLES,
  REWINDS_TABLE,
  WITHDRAWALS_TABLE,
  ROLLBACKS_TABLE,
];
