import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';

/**
 * `npm ci` refuses a lockfile without an entry for each optional dependency, also those of other platforms; `npm install` leaves out the
 * ones its registry did not offer. What is missing is added by hand: version, cpu, os, `"optional": true`.
 */
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** Whether node_modules would have `name` where the package at `path` looks for it. */
function isLocked(path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('node_modules/') - 1, 0))) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (`${prefix}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies)
    .filter((name) => !isLocked(path, name))
    .map((name) => `${name} (of ${path === '' ? 'the project' : path})`),
);
for (const line of missing) console.error(`package-lock.json has no entry for ${line}`);
process.exit(missing.length === 0 ? 0 : 1);
