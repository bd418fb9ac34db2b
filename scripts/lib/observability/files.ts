import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { METRICS, type MetricName, specOf } from '../../../workers/platform/metrics/catalogue.ts';
import { yamlOf } from '../yaml.ts';
import { alerts, pathOf, ruleFile } from './alerts.ts';
import { dashboard } from './dashboard.ts';
import { slos } from './slos.ts';

const at = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

/** Minutes of 30 days. */
const monthMinutes = 30 * 24 * 60;

/** The files that say what is measured and when somebody is called, as `npm run docs` writes them, by their path. */
export async function observabilityFiles(): Promise<ReadonlyMap<string, string>> {
  const note = '# Written by `npm run docs` from scripts/lib/observability.';
  return new Map([
    ['observability/alerts.yml', await tidy('alerts.yml', `${note}\n${yamlOf(ruleFile())}`, 'yaml')],
    ['observability/dashboard.json', await tidy('dashboard.json', JSON.stringify(dashboard()), 'json')],
    [
      'docs/observability.md',
      await tidy('observability.md', page(readFileSync(at('docs/observability.md'), 'utf8')), 'markdown'),
    ],
  ]);
}

export const fileAt = at;

async function tidy(name: string, text: string, parser: 'yaml' | 'json' | 'markdown'): Promise<string> {
  return format(text, { ...(await resolveConfig(at(`docs/${name}`))), parser });
}

/** The page with its tables as they are now. @throws where it has no place for one. */
function page(text: string): string {
  const tables: Readonly<Record<string, string>> = { metrics: metricTable(), slos: sloTable(), alerts: alertTable() };
  let filled = text;
  for (const [name, table] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name} -->)[^]*?(<!-- /${name} -->)`);
    if (!place.test(filled)) throw new Error(`docs/observability.md has no place for its table of ${name}`);
    filled = filled.replace(place, (_all, from: string, to: string) => `${from}\n\n${table}\n\n${to}`);
  }
  return filled;
}

function metricTable(): string {
  const lines = (Object.keys(METRICS) as MetricName[]).map((name) => {
    const { type, unit, labels, help } = specOf(name);
    const named = Object.entries(labels).map(
      ([label, spec]) => `\`${label}\` (${'valuesMax' in spec ? `≤ ${spec.valuesMax}` : spec.length})`,
    );
    return `| \`${name}\` | ${type} | ${unit} | ${named.join(', ') || '–'} | ${help} |`;
  });
  return ['| metric | type | unit | labels (values) | what it is |', '| --- | --- | --- | --- | --- |', ...lines].join(
    '\n',
  );
}

function sloTable(): string {
  const lines = slos.map(({ name, promise, objective, runbook }) => {
    const share = Math.round((1 - objective) * 1e6) / 1e6;
    const minutes = Math.round(monthMinutes * share);
    return `| \`${name}\` | ${promise} | ${round(objective * 100)} % | ${round(share * 100)} %, ${minutes} min of full outage | \`${pathOf(runbook)}\` |`;
  });
  return [
    '| name | promise | objective | budget of 30 days | runbook |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function alertTable(): string {
  const lines = alerts.map(
    ({ alert, summary, severity, runbook }) =>
      `| \`${alert}\` | ${severity} | ${plain(summary)} | \`${pathOf(runbook)}\` |`,
  );
  return ['| alert | severity | what it says | runbook |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
/** Without the alert manager's templates. */
const plain = (summary: string): string =>
  summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, 'a $1').replaceAll(/\{\{ \$value[^}]*\}\}/g, 'N');
