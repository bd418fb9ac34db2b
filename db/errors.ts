import { NeonDbError } from '@neondatabase/serverless';
import { BreakerOpenError } from '../workers/platform/breaker.ts';
import { TimeoutError } from '../workers/platform/retry.ts';

/** The database did not answer, or not in time; nothing is known of a transaction that was on its way. Try again later. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** Another transaction was faster; read again and repeat. */
export class DatabaseConflict extends Error {
  override readonly name = 'DatabaseConflict';
}

export type ConstraintKind = 'unique' | 'foreign_key' | 'check' | 'not_null' | 'exclusion';

/** A row the schema refuses. Nothing of its transaction remains. */
export class ConstraintViolation extends Error {
  override readonly name = 'ConstraintViolation';
  readonly kind: ConstraintKind;
  /** Name of the constraint; for `not_null` the column. */
  readonly constraint: string;

  constructor(kind: ConstraintKind, constraint: string, cause: Error) {
    super(`${kind} constraint ${constraint}`, { cause });
    this.kind = kind;
    this.constraint = constraint;
  }
}

/** Any other refusal: a mistake in a statement or in the grants. The SQLSTATE says which. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal';
  readonly sqlState: string;

  constructor(sqlState: string, cause: Error) {
    super(`the database refused a statement (SQLSTATE ${sqlState})`, { cause });
    this.sqlState = sqlState;
  }
}

const CONSTRAINT_KINDS: Readonly<Record<string, ConstraintKind>> = {
  '23502': 'not_null',
  '23503': 'foreign_key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
};

/** Classes of SQLSTATE that say the server cannot serve now: connection, resources, operator intervention, system, internal. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58', 'XX']);
const CONFLICT_CLASS = '40';

/**
 * What a failure of the driver means to a caller (PostgreSQL documentation, appendix A). Anything else is a mistake of ours, such as a
 * value no column can hold, and stays what it is.
 */
export function databaseErrorOf(error: unknown): Error {
  if (error instanceof TimeoutError || error instanceof BreakerOpenError)
    return new DatabaseUnavailable(error.message, { cause: error });
  // Not JSON: something between here and the database answered.
  if (error instanceof SyntaxError) return new DatabaseUnavailable('the database answered garbage', { cause: error });
  if (!(error instanceof NeonDbError)) return error instanceof Error ? error : new Error(String(error));
  const { code } = error;
  if (code === undefined || UNAVAILABLE_CLASSES.has(code.slice(0, 2))) {
    return new DatabaseUnavailable('the database cannot be reached', { cause: error });
  }
  if (code.startsWith(CONFLICT_CLASS)) return new DatabaseConflict('another transaction was faster', { cause: error });
  const kind = CONSTRAINT_KINDS[code];
  if (kind !== undefined) return new ConstraintViolation(kind, error.constraint ?? error.column ?? '', error);
  return new DatabaseRefusal(code, error);
}
