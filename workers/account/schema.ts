import { CHANNEL_LOG_TABLES } from '../platform/fan-out/stored-channel-log.ts';
import { OUTBOX_TABLE } from '../platform/outbox.ts';
import { firstRow } from '../platform/sql.ts';
import { TIMERS_TABLE } from '../platform/timers.ts';
import { MIRROR_TABLES } from './account-mirror.ts';
import { ALERTS_TABLE } from './account-stream.ts';
import { COMMAND_ANSWERS, COMMANDS_TABLE } from './idempotency.ts';
import { KEEPER_TRANSACTIONS_TABLE } from './keeper-budget.ts';
import { LEASES_TABLE } from './leases.ts';
import { LIMITER_TABLE } from './limiter.ts';
import { ORDER_GROUPS, ORDERS_TABLE } from './order-store.ts';
import { SESSIONS_FAMILY_KEY, SESSIONS_ROTATION_COLUMNS, SESSIONS_TABLES } from './sessions.ts';
import { STANDING_TABLE } from './standing.ts';
import { SPONSORSHIPS_TABLE, TRANSACTIONS_TABLES } from './transaction-store.ts';

/** Whose object this is: the platform does not always say in an alarm. */
const IDENTITY_TABLE = 'CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), owner TEXT NOT NULL);';

/** The object's tables. Append only: the number of applied ones is stored. */
export const ACCOUNT_MIGRATIONS: readonly string[] = [
  TIMERS_TABLE,
  OUTBOX_TABLE,
  ORDERS_TABLE,
  COMMANDS_TABLE,
  LIMITER_TABLE,
  SESSIONS_TABLES,
  CHANNEL_LOG_TABLES,
  MIRROR_TABLES,
  ALERTS_TABLE,
  TRANSACTIONS_TABLES,
  LEASES_TABLE,
  IDENTITY_TABLE,
  STANDING_TABLE,
  SESSIONS_ROTATION_COLUMNS,
  ORDER_GROUPS,
  COMMAND_ANSWERS,
  SPONSORSHIPS_TABLE,
  SESSIONS_FAMILY_KEY,
  KEEPER_TRANSACTIONS_TABLE,
];

/** The wallet this object belongs to: its name, remembered from the first time it was told. */
export function ownerOf(sql: SqlStorage, name: string | undefined): string {
  if (name !== undefined) sql.exec('INSERT OR IGNORE INTO identity (id, owner) VALUES (1, ?)', name);
  return firstRow<{ owner: string }>(sql, 'SELECT owner FROM identity')?.owner ?? '';
}
