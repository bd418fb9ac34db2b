import { readFileSync } from 'node:fs';

/** A row of the table of modules in docs/architecture.md. */
export interface DocumentedModule {
  readonly name: string;
  /** Files, or folders without the slash at their end. */
  readonly files: readonly string[];
  /** Modules whose code it imports. */
  readonly imports: readonly string[];
  /** Modules of which it imports types, whether it imports code of them or not. */
  readonly types: readonly string[];
}

/** What docs/architecture.md says about modules. An edge is written `from → to`. */
export interface ModuleTable {
  readonly modules: readonly DocumentedModule[];
  /** Edges against the order of the table, each of which has its reason in the page. */
  readonly againstOrder: readonly string[];
  /** Edges of the diagram, and the modules in it. */
  readonly drawn: { readonly edges: readonly string[]; readonly modules: readonly string[] };
}

const ticked = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

/** Reads table, reasons and diagram of the section "Modules". */
export function moduleTable(page = readFileSync('docs/architecture.md', 'utf8')): ModuleTable {
  const [, section = ''] = /^## Modules[^\n]*\n([\s\S]*?)(?=^## )/m.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| (`\w+`) *\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];
  const reasons = [...section.matchAll(/^- `(\w+)` → `(\w+)`: \S/gm)];
  const [, diagram = ''] = /```mermaid\n([\s\S]*?)```/.exec(section) ?? [];
  const edges = [...diagram.matchAll(/^ *(\w+) --> (.+)$/gm)].flatMap(([, from = '', to = '']) =>
    to.split('&').map((target) => `${from} → ${target.trim()}`),
  );
  return {
    modules: rows.map(([, name = '', files = '', imports = '', types = '']) => ({
      name: ticked(name)[0] ?? '',
      files: ticked(files),
      imports: ticked(imports),
      types: ticked(types),
    })),
    againstOrder: reasons.map(([, from = '', to = '']) => `${from} → ${to}`),
    drawn: { edges, modules: [...new Set(edges.flatMap((edge) => edge.split(' → ')))] },
  };
}
