import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import type { Operation } from '../operation.ts';
import pages from './error-pages.json' with { type: 'json' };

/** A page of `docs/errors`, gathered by `npm run docs`. */
export interface ErrorPage {
  readonly means: string;
  readonly why: string;
  readonly todo: string;
  readonly retrying: string;
  readonly example: unknown;
}

const pagesByCode: Readonly<Partial<Record<string, ErrorPage>>> = pages;

export const errorPageOf = (code: ErrorCode): ErrorPage | undefined => pagesByCode[code];

/** Refusals that every operation shares. */
const sharedRefusals: readonly ErrorCode[] = ['VALIDATION_003', 'VALIDATION_007', 'SYSTEM_001', 'SYSTEM_004'];
const bodyRefusals: readonly ErrorCode[] = ['VALIDATION_001', 'VALIDATION_002', 'VALIDATION_006'];
const authRefusals: readonly ErrorCode[] = ['AUTH_001', 'AUTH_002'];

/** Every code that an operation may answer with, in order. */
export function refusalsOf(operation: Operation): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...operation.refusals,
    ...(operation.body === undefined ? [] : bodyRefusals),
    // A query parameter that an operation does not know is refused, by those that take none as well.
    ...(operation.path.startsWith('/api/') || operation.params !== undefined ? (['VALIDATION_001'] as const) : []),
    ...(operation.auth === 'none' ? [] : authRefusals),
    ...(operation.auth === 'admin' ? (['AUTH_007'] as const) : []),
    ...(operation.stepUp === true ? (['AUTH_010', 'AUTH_011'] as const) : []),
    // Where requests are counted by the trader's object, that knows of sessions that were ended.
    ...(operation.rate === 'trading' ? (['AUTH_010'] as const) : []),
    ...(operation.rate === 'none' ? [] : (['RATE_001'] as const)),
    ...sharedRefusals,
  ]);
  return [...codes].sort();
}

/** The codes of an operation by HTTP status. */
export function refusalsByStatus(operation: Operation): [number, ErrorCode[]][] {
  const byStatus = Map.groupBy(refusalsOf(operation), (code) => ERROR_CODES[code].status);
  return [...byStatus].sort(([a], [b]) => a - b);
}

export const statusText = (codes: readonly ErrorCode[]): string =>
  codes.map((code) => `[${code}](/docs#${code}): ${ERROR_CODES[code].title}`).join('. ');

/** The examples of all codes, for operations to refer to. */
export function errorExamples(): Record<string, unknown> {
  const entries = Object.entries(ERROR_CODES).flatMap(([code, { title }]) => {
    const value = pagesByCode[code]?.example;
    return value === undefined ? [] : [[code, { summary: title, value }] as const];
  });
  return Object.fromEntries(entries);
}
