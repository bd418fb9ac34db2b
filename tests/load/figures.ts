/** Statistics of a run. Nothing here is money. */

/** The value below which the share `at` of all lies (nearest rank); NaN of none. */
export function percentile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * at) - 1))] ?? Number.NaN;
}

export interface Spread {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  n: values.length,
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
  p99: percentile(values, 0.99),
});

/** How often each text comes, most often first. */
export function tally(texts: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** What a step of load came to, as far as it decides whether the exchange kept up. */
export interface StepFigures {
  /** Requests per second that were offered, and answered. */
  readonly offered: number;
  readonly answered: number;
  readonly readP95Ms: number;
  /** Answers 5xx and requests without an answer, as a share of all. */
  readonly failedShare: number;
}

export const limits = { answeredShareMin: 0.8, readP95MsMax: 1_000, failedShareMax: 0.01 } as const;

/** Why a step counts as more than the exchange can take; null where it kept up. */
export function saturation({ offered, answered, readP95Ms, failedShare }: StepFigures): string | null {
  if (failedShare > limits.failedShareMax) return `${(failedShare * 100).toFixed(1)} % failed`;
  if (readP95Ms > limits.readP95MsMax) return `reads take ${Math.round(readP95Ms)} ms (p95)`;
  if (answered < offered * limits.answeredShareMin)
    return `${Math.round((answered / offered) * 100)} % of the offered requests`;
  return null;
}

/** A Markdown table; what is no text is rounded to three digits. */
export function markdownTable(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(columns.map((column) => shown(row[column] ?? ''))));
  return [line(columns), line(columns.map(() => '---')), ...body].join('\n');
}

function shown(value: string | number): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

/** The difference of two countings, without what did not change. */
export function difference(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const changed = Object.keys(after).map((name): [string, number] => [name, (after[name] ?? 0) - (before[name] ?? 0)]);
  return Object.fromEntries(changed.filter(([, by]) => by !== 0));
}
