import type * as z from 'zod';
import { MARKET_SYMBOLS } from '#shared/markets.ts';
import type { ErrorCode, ErrorDetail } from '#shared/protocol/error-codes.ts';
import { refused, type RefusedError } from './errors.ts';
import { shortened, textOf } from './validation-text.ts';

/** Failed fields listed in one answer. */
const detailsMax = 20;

/** Reads a value by its schema. @throws RefusedError with the code of the first failed field and all of them in `details`. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: 'body' | 'query' | 'path',
): z.output<Schema> {
  if (hasBrokenText(value)) {
    throw refused('VALIDATION_001', `The ${place} does not fit: text takes no U+0000 and no half of a surrogate pair.`);
  }
  const parsed = schema.safeParse(value, { reportInput: true, error: textOf });
  if (parsed.success) return parsed.data;
  throw refusedBy(parsed.error.issues, place);
}

/** Whether a text or a name anywhere in a value is one that no store keeps. A loop, not a recursion: nesting is the caller's. */
function hasBrokenText(root: unknown): boolean {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && (value.includes('\u0000') || !value.isWellFormed())) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, item] of Object.entries(value)) waiting.push(name, item);
  }
  return false;
}

function refusedBy(issues: readonly z.core.$ZodIssue[], place: string): RefusedError {
  const details = issues.slice(0, detailsMax).map(detailOf);
  const [first] = issues;
  const code = first === undefined ? 'VALIDATION_001' : codeOf(first);
  return refused(code, messageOf(details[0], place), { details });
}

/** Names the field, unless its message does. */
function messageOf(detail: ErrorDetail | undefined, place: string): string {
  if (detail === undefined) return `The ${place} does not fit.`;
  if (detail.path === '') return `The ${place} does not fit: ${detail.message}`;
  return detail.message.startsWith(detail.path) ? detail.message : `${detail.path}: ${detail.message}`;
}

function detailOf(issue: z.core.$ZodIssue): ErrorDetail {
  return { path: issue.path.map((part) => shortened(String(part))).join('.'), message: issue.message };
}

/** The code of a failed check: what the schema marked it with, what its kind says, or the general one. */
function codeOf(issue: z.core.$ZodIssue): ErrorCode {
  // Only a symbol that was named can be unknown.
  if (issue.code === 'invalid_value' && isMarketEnum(issue.values) && typeof issue.input === 'string')
    return 'MARKET_001';
  const params: unknown = issue.code === 'custom' ? issue.params : undefined;
  if (typeof params !== 'object' || params === null) return 'VALIDATION_001';
  if ('code' in params && params.code === 'VALIDATION_004') return params.code;
  const isDecimal = 'decimal' in params && (params.decimal === 'precision' || params.decimal === 'range');
  return isDecimal ? 'VALIDATION_005' : 'VALIDATION_001';
}

const isMarketEnum = (values: readonly unknown[]): boolean =>
  values.length === MARKET_SYMBOLS.length && MARKET_SYMBOLS.every((symbol) => values.includes(symbol));
