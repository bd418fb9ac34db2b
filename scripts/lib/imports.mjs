import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { root } from './paths.mjs';

const aliases = {
  '#shared/': 'workers/shared/',
  '#program/': 'programs/quantdesk-perp-dex/artifacts/',
  '#sdk/': 'sdk/',
  '#db/': 'db/',
  '#support/': 'tests/support/',
};

/** `import … from`, `export … from`, `import '…'` and `import('…')`; the first group is there for what only the compiler sees. */
const statement =
  /(?:^(?:import|export)\s+(type\s+)?(?:[\w$]+(?:\s*,\s*)?)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)?\s*from\s*|^import\s*|(\btypeof\s+)?\bimport\(\s*)'([^']+)'/gm;

/**
 * The source files of the repository (or of these folders), relative to its root, deleted ones apart.
 * @param {string[]} folders
 * @returns {string[]}
 */
export function sourceFiles(...folders) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...folders];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return listed.split('\n').filter((file) => /\.(tsx?|m?js)$/.test(file) && existsSync(posix.join(root, file)));
}

/**
 * The files that a file imports by path or alias; packages are left out.
 * @param {string} file
 * @returns {{ target: string, isTypeOnly: boolean }[]}
 */
export function importsOf(file) {
  const found = [...readFileSync(posix.join(root, file), 'utf8').matchAll(statement)];
  return found.flatMap(([, type, typeOf, path]) => {
    const target = targetOf(file, path);
    return target === undefined ? [] : [{ target, isTypeOnly: (type ?? typeOf) !== undefined }];
  });
}

/** The file that an import names; undefined for a package. */
function targetOf(file, path) {
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path);
  const alias = Object.keys(aliases).find((prefix) => path.startsWith(prefix));
  return alias === undefined ? undefined : aliases[alias] + path.slice(alias.length);
}
