import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { root } from './paths.mjs';
import { exists, run, runNode, toolScript } from './run.mjs';

/**
 * What a stage came to. `notRun` says why it was left out, which is no failure.
 * @typedef {{ passed: number, failed: number, skipped: number, notRun?: string }} StageResult
 */

/** The stages of `npm test`, in order. */
export const stages = [
  { name: 'check', run: runChecks },
  { name: 'rust', run: runRustTests },
  { name: 'node', run: () => runVitest('vitest.node.config.ts') },
  { name: 'workerd', run: () => runVitest('vitest.workerd.config.ts') },
  { name: 'e2e', run: () => runVitest('vitest.e2e.config.ts') },
];

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
  if (code !== 0) console.log(output.trimEnd());
  return counts;
}

/** @returns {Promise<StageResult>} */
async function runVitest(config) {
  if (!existsSync(join(root, config))) return notRun(`not run (no ${config})`);
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-tests-'));
  const report = join(folder, 'report.json');
  try {
    const { code } = await runNode([
      toolScript('vitest', 'vitest.mjs'),
      'run',
      '--config',
      config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that cannot be loaded fails the run without a failed test.
    const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const notRun = (reason) => ({ passed: 0, failed: 0, skipped: 0, notRun: reason });
