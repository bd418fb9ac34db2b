import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import type { Cost } from './measure.ts';

const page = new URL('../../../docs/program.md', import.meta.url);
const begin = '<!-- compute:begin -->\n';
const end = '<!-- compute:end -->\n';
const unitsStep = 1_000;

const thousands = (count: number): string => count.toLocaleString('en-US');
const unitsText = (units: number): string => thousands(Math.round(units / unitsStep) * unitsStep);

/** What the documentation says: the table, units rounded to 1,000, and how many markets fit one transaction. */
export async function tableOf(costs: ReadonlyMap<string, Cost>, withoutTable: number): Promise<string> {
  const rows = [...costs].map(([name, { units, bytes }]) => {
    return `| ${name} | ${unitsText(units)} | ${thousands(bytes)} |`;
  });
  const head = ['| transaction | compute units | bytes |', '| --- | ---: | ---: |'];
  const pools = `\nA transaction that settles every market and then executes a pool request needs a lookup table from ${withoutTable + 1} markets on.`;
  return format([...head, ...rows, pools].join('\n'), { parser: 'markdown', printWidth: 120 });
}

function parts(): { readonly before: string; readonly table: string; readonly after: string } {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/program.md has lost the marks of its compute table');
  return {
    before: text.slice(0, from + begin.length),
    table: text.slice(from + begin.length, to),
    after: text.slice(to),
  };
}

/** The table in docs/program.md. */
export const documentedTable = (): string => parts().table.trim();

/** Replaces the table in docs/program.md. */
export function documentTable(table: string): void {
  const { before, after } = parts();
  writeFileSync(page, `${before}\n${table.trim()}\n\n${after}`);
}
