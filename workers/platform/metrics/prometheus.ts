import { METRICS, type MetricName, specOf } from './catalogue.ts';
import type { Sample } from './registry.ts';

export const prometheusMediaType = 'text/plain; version=0.0.4; charset=utf-8';

/** The series in Prometheus' text format, in the order of the catalogue. A metric without a series is described all the same. */
export function prometheusText(samples: readonly Sample[]): string {
  const byName = new Map<MetricName, Sample[]>();
  for (const sample of samples) byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);
  const lines: string[] = [];
  for (const name of Object.keys(METRICS) as MetricName[]) {
    const { type, help } = specOf(name);
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`);
    for (const sample of byName.get(name) ?? []) lines.push(...linesOf(sample));
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(sample: Sample): string[] {
  const { name, value, buckets } = sample;
  const names = Object.keys(specOf(name).labels);
  const pairs = names.map((label, index): [string, string] => [label, sample.labels[index] ?? '']);
  if (buckets === undefined) return [`${name}${labelText(pairs)} ${numberText(value)}`];
  const bounds = specOf(name).buckets ?? [];
  let seen = 0;
  return [
    ...buckets.map((count, index) => {
      seen += count;
      const bound = index < bounds.length ? String(bounds[index]) : '+Inf';
      return `${name}_bucket${labelText([...pairs, ['le', bound]])} ${seen}`;
    }),
    `${name}_sum${labelText(pairs)} ${numberText(value)}`,
    `${name}_count${labelText(pairs)} ${sample.count ?? 0}`,
  ];
}

const labelText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.length === 0 ? '' : `{${pairs.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',')}}`;

const escapeValue = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
/** Whole micro-units as they are; no sum needs more places than these. */
const numberText = (value: number): string => String(Math.round(value * 1e6) / 1e6);
