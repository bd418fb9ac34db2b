import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { root } from './lib/paths.mjs';

// No module of these comes back to itself by what it imports, types included: what imports in a circle cannot be read, moved or loaded alone.
const folders = ['web', 'sdk', 'workers', 'db', 'local'];
const aliases = { '#shared/': 'workers/shared/', '#sdk/': 'sdk/', '#db/': 'db/' };
const importPath = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
  cwd: root,
  encoding: 'utf8',
});
const files = listed.split('\n').filter((file) => /\.tsx?$/.test(file) && existsSync(posix.join(root, file)));

/** The file that an import names; undefined for a package. */
function targetOf(file, path) {
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path);
  const alias = Object.keys(aliases).find((prefix) => path.startsWith(prefix));
  return alias === undefined ? undefined : aliases[alias] + path.slice(alias.length);
}

const known = new Set(files);
const importsOf = new Map(
  files.map((file) => {
    const paths = readFileSync(posix.join(root, file), 'utf8').matchAll(importPath);
    return [file, [...paths].map(([, path]) => targetOf(file, path)).filter((target) => known.has(target))];
  }),
);

/** Modules that lead to no circle, found so far. */
const clear = new Set();
/** The circle that a module leads into, as the way around it; undefined where there is none. */
function circleFrom(file, way = []) {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (clear.has(file)) return undefined;
  for (const next of importsOf.get(file)) {
    const circle = circleFrom(next, [...way, file]);
    if (circle !== undefined) return circle;
  }
  clear.add(file);
  return undefined;
}

const circle = files.map((file) => circleFrom(file)).find((found) => found !== undefined);
if (circle !== undefined) console.error(`a circle of imports:\n  ${circle.join('\n  → ')}`);
process.exit(circle === undefined ? 0 : 1);
