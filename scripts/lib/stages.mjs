import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runChecks } from './checks.mjs';
import { root } from './paths.mjs';
import { outcomeOf } from './run-stages.mjs';
import { exists, run, runNode, toolScript } from './run.mjs';

/** These tests wait for prices and blocks most of the time: halves, each with a stack of its own, take about as long as one half. */
const workerdShards = 2;

/**
 * What a stage came to. `notRun` says why it was left out, which is no failure; `output` is what was not shown while it ran; `failures` are
 * what failed and why, to be told once more at the end.
 * `again` runs files of a stage once more, where they run on real clocks and processes; see second-look.mjs.
 * @typedef {{ name: string, message: string, file?: string | undefined }} Failure
 * @typedef {{ passed: number, failed: number, skipped: number, notRun?: string, output?: string, failures?: Failure[], unsteady?: Failure[] }} StageResult
 */

/** The stages of `npm test`. Those of one `lane` run one after the other, beside the other lanes; without one a stage runs alone. */
export const stages = [
  { name: 'check', run: runChecks },
  { name: 'rust', run: runRustTests },
  { name: 'node', run: (options) => runVitest('vitest.node.config.ts', options) },
  {
    name: 'workerd',
    run: () => runShards('vitest.workerd.config.ts', workerdShards),
    again: again('vitest.workerd.config.ts'),
  },
  {
    name: 'e2e',
    lane: 'web',
    run: (options) => runVitest('vitest.e2e.config.ts', options, 'tests/e2e/'),
    again: again('vitest.e2e.config.ts'),
  },
  {
    name: 'chaos',
    lane: 'worker',
    run: (options) => runVitest('vitest.chaos.config.ts', options),
    again: again('vitest.chaos.config.ts'),
  },
  { name: 'security', lane: 'worker', run: (options) => runVitest('vitest.security.config.ts', options) },
  {
    name: 'sockets',
    lane: 'worker',
    run: (options) => runVitest('vitest.e2e.config.ts', options, 'tests/soak/'),
    again: again('vitest.e2e.config.ts'),
  },
];

function again(config) {
  return (files) => runVitest(config, {}, ...files);
}

/** @returns {Promise<StageResult>} */
async function runRustTests() {
  if (!(await exists('cargo'))) return notRun('Rust tests: not run (no cargo)');
  const { code, output } = await run('cargo', ['test', '--workspace', '--locked', '--quiet'], { capture: true });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  // A build that fails has no counts of its own.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (code === 0) return counts;
  console.log(output.trimEnd());
  return { ...counts, failures: [{ name: 'cargo test', message: output.slice(output.indexOf('failures:')) }] };
}

/**
 * Parts of one configuration's files at the same time; their output comes one after the other.
 * @returns {Promise<StageResult>}
 */
async function runShards(config, count) {
  const parts = Array.from({ length: count }, (_, index) => {
    const options = { capture: index > 0, env: { TEST_SHARD: String(index + 1) } };
    return outcomeOf(() => runVitest(config, options, `--shard=${index + 1}/${count}`));
  });
  const results = await Promise.all(parts);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const output = results.map((result) => result.output).join('');
  const failures = results.flatMap((result) => result.failures ?? []);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), output, failures };
}

/**
 * With `capture` the output is answered instead of shown.
 * @returns {Promise<StageResult & { output: string }>}
 */
async function runVitest(config, { capture = false, env = {} }, ...args) {
  if (!existsSync(join(root, config))) return { ...notRun(`not run (no ${config})`), output: '' };
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-tests-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code, output } = await runNode(
      [toolScript('vitest', 'vitest.mjs'), 'run', '--config', config, ...reporters, ...args],
      { env, capture },
    );
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, output };
    const results = JSON.parse(readFileSync(report, 'utf8'));
    // A file that cannot be loaded fails the run without a failed test.
    const failed = code !== 0 && results.numFailedTests === 0 ? 1 : results.numFailedTests;
    const skipped = results.numPendingTests + results.numTodoTests;
    return { passed: results.numPassedTests, failed, skipped, output, failures: failuresOf(results) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What failed in a report of vitest: tests, and files that could not be loaded. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name: file, message, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const path = relative(root, file);
    if (failed.length === 0) return message === '' ? [] : [{ name: path, message, file: path }];
    return failed.map(({ fullName, failureMessages }) => ({
      name: `${path} > ${fullName}`,
      file: path,
      message: failureMessages.join('\n'),
    }));
  });
}

const notRun = (reason) => ({ passed: 0, failed: 0, skipped: 0, notRun: reason });
