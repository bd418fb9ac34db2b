import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { runNode, toolScript } from './run.mjs';

const tool = (name, ...args) => ({ name, args: [toolScript(...args[0]), ...args.slice(1)] });

/** Every check of the repository: the tools first, then each `scripts/check-*.mjs`. */
export function allChecks() {
  const own = readdirSync(join(root, 'scripts'))
    .filter((file) => /^check-[\w-]+\.mjs$/.test(file))
    .sort()
    .map((file) => ({ name: file.slice('check-'.length, -'.mjs'.length), args: [join('scripts', file)] }));
  return [
    tool('format', ['prettier', 'bin', 'prettier.cjs'], '--check', '--log-level', 'warn', '.'),
    tool('lint', ['eslint', 'bin', 'eslint.js'], '--max-warnings', '0', '.'),
    ...['workers', 'node', 'web'].map((part) =>
      tool(`types (${part})`, ['typescript', 'bin', 'tsc'], '-p', `tsconfig.${part}.json`),
    ),
    ...own,
  ];
}

/** Checks at a time: most of them use one core. */
const checksAtOnce = 2;

/**
 * Runs the checks, each shown when it ends; a check's output is shown when it fails.
 * @returns {Promise<import('./stages.mjs').StageResult>}
 */
export async function runChecks() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const waiting = allChecks();
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, output, seconds } = await runNode(check.args, { capture: true });
      const ok = code === 0;
      counts[ok ? 'passed' : 'failed'] += 1;
      console.log(`  ${ok ? '✓' : '✗'} ${check.name.padEnd(18)} ${seconds.toFixed(1)} s`);
      if (ok) continue;
      console.log(output.trimEnd().replace(/^/gm, '    '));
      failures.push({ name: check.name, message: output });
    }
  };
  await Promise.all(Array.from({ length: checksAtOnce }, worker));
  return { ...counts, failures };
}
