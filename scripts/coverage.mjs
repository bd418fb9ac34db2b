import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countingRunner, runParts } from './lib/coverage-parts.mjs';
import { root } from './lib/paths.mjs';
import { programCoverage } from './lib/program-coverage.mjs';

// `npm run coverage`: how much of the source the tests run, against the thresholds of vitest.coverage.config.ts; of the program's mathematics by
// the counters of the compiler, where cargo and its llvm-tools are. Fails below a threshold. `-- program` measures the program alone.
const programThreshold = 90;
const folders = ['account', 'market', 'risk', 'shared', 'analyst', 'api', 'chain', 'indexer', 'platform'];
/** The tests that run the worker's source; those of the terminal, the program and the local servers run none of it. */
const tests = [
  'workers/',
  'tests/workers/',
  'tests/parity/vectors',
  'tests/parity/invariants',
  'tests/parity/liquidation-receipt',
  'web/src/domain/',
  'tests/db/',
  'tests/analyst/',
];
const results = join(root, 'test-results/coverage');
const parts = join(root, 'test-results/coverage-parts');

async function workerPassed() {
  for (const folder of [results, parts]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(parts, 'reports'), { recursive: true });
  if (!(await runParts(tests, parts))) return false;
  const { code, output } = await countingRunner(['--reporter=dot', `--merge-reports=${join(parts, 'reports')}`], {
    capture: true,
  });
  tellFolders();
  for (const line of output.split('\n').filter((text) => text.includes('ERROR: Coverage'))) console.error(line);
  return code === 0;
}

function tellFolders() {
  const summary = join(results, 'coverage-summary.json');
  if (!existsSync(summary)) return;
  const files = Object.entries(JSON.parse(readFileSync(summary, 'utf8')));
  tell('folder', 'files', 'lines', 'branches');
  for (const path of [...folders.map((name) => `workers/${name}`), 'db/repositories', 'total']) {
    const counted =
      path === 'total' ? files.filter(([file]) => file !== path) : files.filter(([file]) => file.includes(`/${path}/`));
    const share = (kind) => percentOf(counted.map(([, counts]) => counts[kind]));
    tell(path, counted.length, told(share('lines')), told(share('branches')));
  }
}

async function programPassed() {
  const measured = await programCoverage();
  if ('reason' in measured) {
    console.log(`program mathematics: not measured, ${measured.reason}`);
    return true;
  }
  const lines = percentOf(measured.files.map(({ lines: { covered, count } }) => ({ covered, total: count })));
  tell('program mathematics', measured.files.length, told(lines), 'none');
  if (lines < programThreshold)
    console.error(`ERROR: Coverage for lines of the program's mathematics is below ${programThreshold}%`);
  return lines >= programThreshold;
}

function percentOf(counts) {
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  return (100 * sum('covered')) / sum('total');
}

const told = (percent) => `${percent.toFixed(1)} %`;

function tell(name, files, lines, branches) {
  console.log(`${name.padEnd(20)} ${String(files).padStart(5)}  ${lines.padStart(8)}  ${branches.padStart(8)}`);
}

const passed = [process.argv.includes('program') ? true : await workerPassed(), await programPassed()];
process.exitCode = passed.every(Boolean) ? 0 : 1;
