/**
 * Load on a running exchange of its own, by scenario; afterwards everything is compared with the chain. Prints tables and writes them to
 * `test-results/load-<scenario>.md`; fails where something was lost or doubled.
 *
 *   npm run load -- traders            200 traders, more and more of them until something gives way (about 6 minutes)
 *   npm run load -- sockets            2,000 sockets on the markets and accounts (about 4 minutes)
 *   npm run load -- crash              10,000 positions that one fall makes liquidatable
 *   npm run load -- operations         what each action costs in calls, rows and statements
 *   npm run load -- traders --short    a minute of it
 *   npm run load                       all of them, short
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { markdownTable } from './figures.ts';
import type { Scenario, ScenarioReport } from './scenario.ts';
import { crashScenario } from './scenario-crash.ts';
import { operationsScenario } from './scenario-operations.ts';
import { socketsScenario } from './scenario-sockets.ts';
import { tradersScenario } from './scenario-traders.ts';

const scenarios: Readonly<Record<string, Scenario>> = {
  traders: tradersScenario,
  sockets: socketsScenario,
  crash: crashScenario,
  operations: operationsScenario,
};

const { values: flags, positionals } = parseArgs({
  options: { short: { type: 'boolean', default: false }, positions: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !(name in scenarios));
if (unknown.length > 0)
  throw new Error(`no scenario ${unknown.join(', ')}; there are ${Object.keys(scenarios).join(', ')}`);

const isAll = positionals.length === 0;
const names = isAll ? Object.keys(scenarios) : positionals;
mkdirSync('test-results', { recursive: true });
let isClean = true;
for (const name of names) {
  const report = await (scenarios[name] as Scenario)({
    isShort: flags.short || isAll,
    ...(flags.positions === undefined ? {} : { positions: Number(flags.positions) }),
    say: (line) => console.log(line),
  });
  const text = textOf(name, report);
  console.log(text);
  writeFileSync(`test-results/load-${name}.md`, text);
  isClean &&= report.findings.length === 0;
}
process.exit(isClean ? 0 : 1);

function textOf(name: string, { tables, notes, findings }: ScenarioReport): string {
  const body = tables.map(({ title, rows }) => `## ${title}\n\n${markdownTable(rows)}\n`);
  const verdict = findings.length === 0 ? ['Nothing was lost or doubled.'] : findings.map((finding) => `- ${finding}`);
  return [`# ${name}, ${new Date().toISOString()}`, ...notes, '', ...body, ...verdict, ''].join('\n');
}
