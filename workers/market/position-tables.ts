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

/**
 * What a candidate's life needs: since when it waits, where its warning stands (0 armed, 1 told, 2 to be told), how long its close at the
 * cap is put off, and the number of the newest event that its row contains (0: not known).
 */
export const CANDIDATE_LIFE = `
  ALTER TABLE open_positions DROP COLUMN warned_until;
  ALTER TABLE open_positions ADD COLUMN event_seq INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE open_positions ADD COLUMN candidate_since INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE open_positions ADD COLUMN warning INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE open_positions ADD COLUMN crossed_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE open_positions ADD COLUMN cap_paused_until INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE open_positions ADD COLUMN cap_pauses INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX positions_waiting ON open_positions (candidate_since) WHERE candidate_since > 0;
  CREATE INDEX positions_told ON open_positions (side, liquidation_key) WHERE warning = 1;
  CREATE INDEX positions_to_tell ON open_positions (owner) WHERE warning = 2;
  CREATE INDEX positions_cap_paused ON open_positions (cap_paused_until) WHERE cap_paused_until > 0;
  DROP INDEX positions_by_cap;
  DROP INDEX positions_cap_always;
  CREATE INDEX positions_by_cap ON open_positions (side, cap_key)
    WHERE leased_until = 0 AND cap_always = 0 AND cap_paused_until = 0;
  CREATE INDEX positions_cap_always ON open_positions (owner)
    WHERE leased_until = 0 AND cap_always = 1 AND cap_paused_until = 0;
`;

/** The command that a candidate under way was found at: its lease outlasts commands that only move margin. */
export const LEASED_COMMAND = `
  ALTER TABLE open_positions ADD COLUMN leased_seq TEXT NOT NULL DEFAULT '';
  UPDATE open_positions SET leased_seq = command_seq WHERE leased_until > 0;
`;

/** All of the above, in order. */
export const POSITION_TABLES: readonly string[] = [
  LIQUIDATION_INDEX_TABLES,
  POSITION_COUNT,
  CAP_INDEX,
  CANDIDATE_LIFE,
  LEASED_COMMAND,
];
