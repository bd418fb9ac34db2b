import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { exists, run, runNode, toolScript } from './lib/run.mjs';

// `npm run coverage`: how much of the source the tests run, against the thresholds of vitest.coverage.config.ts; of the program's mathematics by
// cargo-llvm-cov, where that is installed.
const programThreshold = 90;
const folders = ['account', 'analyst', 'api', 'chain', 'indexer', 'market', 'platform', 'risk', 'shared'];

const vitest = toolScript('vitest', 'vitest.mjs');
const tests = [
  'workers/',
  'tests/workers/',
  'tests/parity/vectors',
  'tests/parity/invariants',
  'tests/db/',
  ...process.argv.slice(2),
];
const { code } = await runNode([
  vitest,
  'run',
  '--coverage',
  '--silent',
  '--reporter=dot',
  '--config',
  'vitest.coverage.config.ts',
  ...tests,
]);

/** Lines of a folder that ran, of those there are. */
function linesOf(summary, folder) {
  const files = Object.entries(summary).filter(([path]) => path.includes(`/workers/${folder}/`));
  const sum = (key) => files.reduce((total, [, { lines }]) => total + lines[key], 0);
  return { files: files.length, covered: sum('covered'), total: sum('total') };
}

const summary = JSON.parse(readFileSync(join(root, 'test-results/coverage/coverage-summary.json'), 'utf8'));
console.log('\nFolder     files   lines   covered');
for (const folder of folders) {
  const { files, covered, total } = linesOf(summary, folder);
  const percent = total === 0 ? '—' : `${((100 * covered) / total).toFixed(1)} %`;
  console.log(`${folder.padEnd(9)} ${String(files).padStart(6)} ${String(total).padStart(7)}  ${percent.padStart(8)}`);
}

async function programCode() {
  if (!(await exists('cargo-llvm-cov'))) {
    console.log('program    not measured: cargo-llvm-cov is not installed');
    return 0;
  }
  const ran = await run('cargo', ['llvm-cov', '--locked', '--workspace', '--json', '--summary-only'], {
    capture: true,
  });
  const [{ files }] = JSON.parse(ran.output.slice(ran.output.indexOf('{'))).data;
  const lines = files.filter(({ filename }) => filename.includes('/src/math/')).map((file) => file.summary.lines);
  const sum = (key) => lines.reduce((total, line) => total + line[key], 0);
  const percent = (100 * sum('covered')) / sum('count');
  console.log(`program/src/math ${percent.toFixed(1)} %`);
  return percent < programThreshold ? 1 : 0;
}

process.exitCode = code === 0 ? await programCode() : code;
