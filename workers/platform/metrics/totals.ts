import { firstRow } from '../sql.ts';
import { METRICS } from './catalogue.ts';
import { addTo, keyOf, newSample, type Sample, seriesMax } from './registry.ts';

/** Tables of the object's storage; append-only. One row: what was shown last. */
export const METRIC_TOTALS_MIGRATIONS = [
  `
  CREATE TABLE shown_totals (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    samples TEXT NOT NULL
  );
`,
];

/**
 * Totals of what all isolates counted. In memory, but for what was shown: that is stored before it is, so that a total never goes back behind
 * what a scraper has seen (it would take the whole of it for new). What came after the last look is lost with an eviction.
 */
export class MetricTotals {
  readonly #sql: SqlStorage;
  readonly #totals = new Map<string, Sample>();
  #isShown = true;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const row = firstRow<{ samples: string }>(sql, 'SELECT samples FROM shown_totals');
    if (row !== null) for (const sample of JSON.parse(row.samples) as Sample[]) this.#add(sample);
  }

  add(samples: readonly Sample[]): void {
    for (const sample of samples) this.#add(sample);
    if (samples.length > 0) this.#isShown = false;
  }

  read(): readonly Sample[] {
    const samples = [...this.#totals.values()];
    if (!this.#isShown) {
      this.#isShown = true;
      this.#sql.exec(
        'INSERT INTO shown_totals (id, samples) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET samples = excluded.samples',
        JSON.stringify(samples),
      );
    }
    return samples;
  }

  /** What an earlier or a later version counted in another form is left out. */
  #add(sample: Sample): void {
    if (!fits(sample)) return;
    const key = keyOf(sample);
    const known = this.#totals.get(key);
    if (known === undefined && this.#totals.size >= seriesMax) return;
    const total = known ?? newSample(sample.name, sample.labels);
    this.#totals.set(key, total);
    addTo(total, sample);
  }
}

function fits({ name, labels, buckets }: Sample): boolean {
  if (!Object.hasOwn(METRICS, name)) return false;
  const empty = newSample(name, labels);
  return (
    METRICS[name].type !== 'gauge' &&
    Object.keys(METRICS[name].labels).length === labels.length &&
    empty.buckets?.length === buckets?.length
  );
}
