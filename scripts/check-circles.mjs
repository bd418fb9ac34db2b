import { importsOf, sourceFiles } from './lib/imports.mjs';

// No module of these comes back to itself by what it imports, types included: what imports in a circle cannot be read, moved or loaded alone.
const files = sourceFiles('web', 'sdk', 'workers', 'db', 'local').filter((file) => /\.tsx?$/.test(file));
const known = new Set(files);
const targets = new Map(
  files.map((file) => [
    file,
    importsOf(file)
      .map(({ target }) => target)
      .filter((target) => known.has(target)),
  ]),
);

/** Modules that lead to no circle, found so far. */
const clear = new Set();
/** The circle that a module leads into, as the way around it; undefined where there is none. */
function circleFrom(file, way = []) {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (clear.has(file)) return undefined;
  for (const next of targets.get(file)) {
    const circle = circleFrom(next, [...way, file]);
    if (circle !== undefined) return circle;
  }
  clear.add(file);
  return undefined;
}

const circle = files.map((file) => circleFrom(file)).find((found) => found !== undefined);
if (circle !== undefined) console.error(`a circle of imports:\n  ${circle.join('\n  → ')}`);
process.exit(circle === undefined ? 0 : 1);
