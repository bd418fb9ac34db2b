import { METRICS, type MetricName, specOf } from '../../../workers/platform/metrics/catalogue.ts';

/** Of PromQL, what the alerts and the dashboard use. */
const functions = new Set([
  ...['rate', 'increase', 'sum', 'max', 'avg_over_time', 'histogram_quantile', 'absent'],
  ...['by', 'bool', 'and', 'or', 'le'],
]);
const overCounters = /(?:rate|increase)\($/;

/** What an expression reads, and what is wrong with it. */
export interface ReadExpression {
  readonly metrics: readonly MetricName[];
  readonly records: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Reads an expression against the catalogue: names exist, labels are the metric's and equal to one of their values, counters and histograms
 * are looked at by `rate` or `increase` and gauges are not, parentheses close. Not a parser of all of PromQL: what it does not know is a problem.
 */
export function readExpression(expr: string): ReadExpression {
  const problems: string[] = [];
  const metrics: MetricName[] = [];
  const records: string[] = [];
  // Texts may hold anything: they are judged with their selector, below.
  const bare = expr
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  if (!isBalanced(bare)) problems.push('parentheses do not close');
  const groups = new Set([...bare.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */)));
  for (const [selector, name = '', labels = ''] of expr.matchAll(/([a-z_][\w:]*)(?:\{([^}]*)\})?/gi)) {
    const before = expr.slice(0, expr.indexOf(selector));
    if (name.startsWith('slo:')) records.push(name);
    else if (name.startsWith('quantdesk_')) readSelector(name, labels, before, { metrics, problems });
    else if (!isInsideText(expr, selector) && !functions.has(name) && !groups.has(name) && !isUnit(name))
      problems.push(`${name} is not known`);
  }
  const known = new Set(metrics.flatMap((name) => Object.keys(specOf(name).labels)));
  for (const label of groups) if (label !== 'le' && !known.has(label)) problems.push(`no metric here has ${label}`);
  if (metrics.length + records.length === 0) problems.push('reads nothing');
  return { metrics, records, problems };
}

function readSelector(
  name: string,
  labels: string,
  before: string,
  { metrics, problems }: { metrics: MetricName[]; problems: string[] },
): void {
  const [, base = name, suffix = ''] = /^(.*?)(_bucket|_sum|_count)?$/.exec(name) ?? [];
  const isWhole = Object.hasOwn(METRICS, name);
  const metric = (isWhole ? name : base) as MetricName;
  if (!Object.hasOwn(METRICS, metric)) return void problems.push(`${name} is not in the catalogue`);
  metrics.push(metric);
  const { type, labels: specs, buckets = [] } = specOf(metric);
  if ((type === 'histogram') !== (!isWhole && suffix !== ''))
    problems.push(`${name}: a histogram has _bucket, _sum, _count`);
  const isRated = overCounters.test(before.trimEnd());
  const isCounted = /absent\($/.test(before.trimEnd());
  if (!isCounted && isRated !== (type !== 'gauge'))
    problems.push(`${name}: ${type}s are${isRated ? ' not' : ''} rated`);
  for (const [, label = '', operator = '', value = ''] of labels.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
    const spec = label === 'le' && suffix === '_bucket' ? buckets.map(String) : specs[label];
    if (spec === undefined) problems.push(`${metric} has no label ${label}`);
    else if (operator === '=' && !('valuesMax' in spec) && !spec.includes(value))
      problems.push(`${metric}: ${label} is never ${value}`);
  }
}

const isUnit = (name: string): boolean => /^(?:[smhd]|e\d+|rate_interval|__rate_interval)$/.test(name);

/** Values and names inside braces and texts are no names of their own. */
function isInsideText(expr: string, word: string): boolean {
  const rest = expr
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  return !new RegExp(`\\b${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\b`).test(rest);
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth === 0;
}
