import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runNode, toolScript } from './run.mjs';

/** Parts of the files of tests. Each starts a chain, a database and a price feed of its own. */
const parts = 6;
/** How many run at the same time: the worker's tests wait most of the time. */
const partsAtOnce = 2;
/** A part takes three to fifteen minutes; one in which the test runtime does not end is begun anew. */
const partTimeoutMs = 1_800_000;
const partTries = 2;

/** The runner with the configuration that counts. */
export const countingRunner = (args, options) =>
  runNode(
    [toolScript('vitest', 'vitest.mjs'), 'run', '--config', 'vitest.coverage.config.ts', '--coverage', ...args],
    options,
  );

/**
 * Runs files of tests in parts and leaves a report of each, with its counts, in `folder/reports`.
 * @param {string[]} tests Paths, or beginnings of paths.
 * @param {string} folder
 * @returns {Promise<boolean>} Whether every test passed.
 */
export async function runParts(tests, folder) {
  const waiting = Array.from({ length: parts }, (_, index) => index + 1);
  const passed = [];
  const takeTurns = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
      passed.push(await runPart(index, tests, folder));
  };
  await Promise.all(Array.from({ length: partsAtOnce }, takeTurns));
  return passed.every(Boolean);
}

async function runPart(index, tests, folder) {
  const report = join(folder, 'reports', `${index}.json`);
  for (let attempt = 1; attempt <= partTries; attempt += 1) {
    rmSync(report, { force: true });
    const { code, output, seconds } = await countingRunner(
      [
        ...['--silent', '--reporter=default', '--reporter=blob', `--outputFile.blob=${report}`],
        ...[`--coverage.reportsDirectory=${join(folder, `files-${index}`)}`, '--coverage.reporter=none'],
        ...[`--shard=${index}/${parts}`, ...tests],
      ],
      {
        capture: true,
        timeoutMs: partTimeoutMs,
        env: { TEST_SHARD: `coverage-${index}`, COVERAGE_PART: String(index) },
      },
    );
    const isWhole = existsSync(report);
    const outcome = code === 0 ? 'passed' : isWhole ? 'failed' : 'did not end';
    console.log(`tests, part ${index} of ${parts}: ${outcome}, ${seconds.toFixed(0)} s`);
    if (code === 0) return true;
    console.log(output.trimEnd());
    if (isWhole) return false;
  }
  return false;
}
