import { describe, expect, it } from 'vitest';
import { moduleTable, type DocumentedModule } from '#support/documents/module-table.ts';
import { importsOf, sourceFiles } from '../../scripts/lib/imports.mjs';

const { modules, againstOrder, drawn } = moduleTable();

/** Tests, and what beside them helps only tests; they may import everything. */
const isOfTests = (file: string): boolean => file.startsWith('tests/') || /(\.test|[/-]testing)\.tsx?$/.test(file);
/** Settings of tools. */
const isOfRoot = (file: string): boolean => !file.includes('/');

/** The module of the longest path that a file lies under; undefined where no row has it. */
function moduleOf(file: string): string | undefined {
  if (isOfTests(file)) return 'tests';
  const under = modules.flatMap(({ name, files }) =>
    files.filter((path) => file === path || file.startsWith(`${path}/`)).map((path) => ({ name, path })),
  );
  return under.sort((a, b) => b.path.length - a.path.length)[0]?.name;
}

const files = sourceFiles().filter((file) => !isOfTests(file) && !isOfRoot(file));
/** Every import from one module into another, by its edge: the files it is in. */
const used = { imports: new Map<string, string[]>(), types: new Map<string, string[]>() };
for (const file of files) {
  for (const { target, isTypeOnly } of importsOf(file)) {
    const edge = `${String(moduleOf(file))} → ${String(moduleOf(target))}`;
    if (moduleOf(file) === moduleOf(target) || isOfRoot(target)) continue;
    const edges = isTypeOnly ? used.types : used.imports;
    edges.set(edge, [...(edges.get(edge) ?? []), file]);
  }
}

/** Edges that the table draws; whoever imports code may import types too. */
const edgesOf = (column: 'imports' | 'types'): string[] =>
  modules.flatMap((module: DocumentedModule) => module[column].map((to) => `${module.name} → ${to}`));
const undrawn = (found: ReadonlyMap<string, readonly string[]>, allowed: readonly string[]): string[] =>
  [...found].filter(([edge]) => !allowed.includes(edge)).map(([edge, from]) => `${edge} in ${from.join(', ')}`);
const isUpward = (edge: string): boolean => {
  const [from, to] = edge.split(' → ').map((name) => modules.findIndex((module) => module.name === name));
  return to === -1 || (from ?? 0) < (to ?? 0);
};

describe('the modules of docs/architecture.md', () => {
  it('hold every source file', () => {
    expect(files.filter((file) => moduleOf(file) === undefined)).toEqual([]);
    expect(files.length).toBeGreaterThan(500);
  });

  it('import nothing that the table does not draw', () => {
    expect(undrawn(used.imports, [...edgesOf('imports'), 'scripts → tests'])).toEqual([]);
    expect(undrawn(used.types, [...edgesOf('imports'), ...edgesOf('types'), 'scripts → tests'])).toEqual([]);
  });

  it('import everything that the table draws', () => {
    expect(edgesOf('imports').filter((edge) => !used.imports.has(edge))).toEqual([]);
    expect(edgesOf('types').filter((edge) => !used.types.has(edge) || used.imports.has(edge))).toEqual([]);
  });

  it('import from the rows above them, but for what the page gives a reason for', () => {
    expect([...used.imports.keys()].filter(isUpward).sort()).toEqual([...againstOrder].sort());
  });

  it('are drawn in the diagram with every edge between them', () => {
    const between = edgesOf('imports').filter((edge) =>
      edge.split(' → ').every((name) => drawn.modules.includes(name)),
    );
    expect([...drawn.edges].sort()).toEqual(between.sort());
    expect(drawn.modules.length).toBeGreaterThan(10);
  });
});
