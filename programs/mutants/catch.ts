import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { runNode, toolScript } from '../../scripts/lib/run.mjs';

/** The test that failed first. */
export interface Catch {
  /** Relative to `tests`. */
  readonly file: string;
  readonly title: string;
}

/** Every test of the compiled program. */
const everything = ['tests/program', 'tests/parity/program.test.ts'];
/** Measurements, and the test of the catalog: a broken program is not what they are about. */
const notAsked = ['tests/program/compute-units.test.ts', 'tests/program/mutants.test.ts'];

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs these test files (all where none are named) against the program at `artifact`, up to the first failure. */
export async function firstFailure(artifact: string, tests: readonly string[]): Promise<Catch | null> {
  const outputFile = join(tmpdir(), `quantdesk-mutants-report-${process.pid}.json`);
  rmSync(outputFile, { force: true });
  const files = tests.length === 0 ? everything : tests.map((file) => `tests/${file}`);
  const { output } = await runNode(
    [
      toolScript('vitest', 'vitest.mjs'),
      ...[
        'run',
        '--config',
        'vitest.node.config.ts',
        '--bail',
        '1',
        '--silent',
        '--testTimeout',
        '300000',
        '--hookTimeout',
        '300000',
      ],
      ...['--reporter', 'json', '--outputFile', outputFile],
      ...notAsked.flatMap((file) => ['--exclude', file]),
      ...files,
    ],
    { capture: true, env: { QUANTDESK_PROGRAM: artifact } },
  );
  let report: Report;
  try {
    report = JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
  } catch {
    throw new Error(`the tests gave no report:\n${output}`);
  }
  return report.success ? null : failureIn(report, output);
}

function failureIn(report: Report, output: string): Catch {
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(join(root, 'tests'), name);
    const failed = assertionResults.find((result) => result.status === 'failed');
    if (failed !== undefined) return { file, title: failed.fullName };
    if (status === 'failed') return { file, title: `(before its tests) ${message.split('\n')[0] ?? ''}` };
  }
  throw new Error(`the tests failed without a failed test:\n${output}`);
}
