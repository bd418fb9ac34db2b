import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What became of a case: how long it took until everything agreed, or why it did not. */
export interface ChaosResult {
  readonly operation: string;
  /** The failpoint, or what failed around the worker. */
  readonly fault: string;
  readonly action: string;
  readonly ms: number;
  readonly failure: string | null;
}

/** A table of faults against operations: every cell says how it failed there and how long it took until all agreed. */
export function tableOf(results: readonly ChaosResult[]): string {
  const operations = unique(results.map(({ operation }) => operation));
  const faults = unique(results.map(({ fault }) => fault));
  const cell = (fault: string, operation: string): string =>
    results
      .filter((result) => result.fault === fault && result.operation === operation)
      .map(({ action, ms, failure }) => `${action} ${failure === null ? `${(ms / 1_000).toFixed(1)} s` : '**FAILED**'}`)
      .join('<br>');
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['failpoint', ...operations]),
    row(['---', ...operations.map(() => '---')]),
    ...faults.map((fault) => row([fault, ...operations.map((operation) => cell(fault, operation))])),
  ].join('\n');
}

/** Writes the table and the failures to `test-results/chaos.md`. */
export function writeResults(results: readonly ChaosResult[]): string {
  const failed = results.filter(({ failure }) => failure !== null);
  const text = [
    `# Chaos: ${results.length - failed.length} of ${results.length} cases agreed`,
    '',
    'Time from the start of the operation until chain, order, database and socket agreed, with the client’s retries and the sweep alone.',
    '',
    tableOf(results),
    ...failed.map(
      ({ operation, fault, action, failure }) => `\n- ${operation}, ${action} at ${fault}: ${failure ?? ''}`,
    ),
    '',
  ].join('\n');
  const folder = join('test-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'chaos.md'), text);
  return text;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
