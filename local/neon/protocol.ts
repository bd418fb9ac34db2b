import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { BatchOptions, IsolationLevel, StatementResult } from './backend.ts';

/** Statements in one batch. */
const batchStatementsMax = 2_000;

const statementSchema = z.object({
  query: z.string().min(1),
  params: z.array(z.union([z.string(), z.null(), z.number(), z.boolean()]).transform(textOf)).default([]),
});

/** A request's body: one statement, or a batch that is one transaction. */
export const sqlRequestSchema = z.union([
  z.object({ queries: z.array(statementSchema).max(batchStatementsMax) }),
  statementSchema.transform((statement) => ({ statement })),
]);

const ISOLATION_LEVELS: Readonly<Record<string, IsolationLevel>> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
};

/** The transaction a batch asks for in its headers. */
export function batchOptionsOf(headers: IncomingHttpHeaders): BatchOptions {
  return {
    isolationLevel: ISOLATION_LEVELS[String(headers['neon-batch-isolation-level'])] ?? null,
    readOnly: headers['neon-batch-read-only'] === 'true',
    deferrable: headers['neon-batch-deferrable'] === 'true',
  };
}

/** A result as the protocol writes it: rows as arrays of text, or as objects where the array mode was not asked for. */
export function resultJson(result: StatementResult, arrayMode: boolean): object {
  const rows = arrayMode
    ? result.rows
    : result.rows.map((row) => Object.fromEntries(result.fields.map((field, i) => [field.name, row[i] ?? null])));
  return { command: result.command, rowCount: result.rowCount, fields: result.fields, rows, rowAsArray: arrayMode };
}

const ERROR_FIELDS = [
  'severity',
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

/** An error of the database as the protocol writes it; null for any other failure. */
export function databaseErrorJson(error: unknown): object | null {
  if (!(error instanceof Error)) return null;
  const fields = error as Error & Partial<Record<(typeof ERROR_FIELDS)[number], unknown>>;
  // SQLSTATE: five characters. Node's own errors (ECONNREFUSED…) carry a longer `code`.
  if (typeof fields.code !== 'string' || !/^[0-9A-Z]{5}$/.test(fields.code)) return null;
  return { message: error.message, ...Object.fromEntries(ERROR_FIELDS.map((name) => [name, fields[name]])) };
}

function textOf(value: string | number | boolean | null): string | null {
  return value === null ? null : String(value);
}
