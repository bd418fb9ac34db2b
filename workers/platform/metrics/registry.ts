import { type LabelsOf, METRICS, type MetricName, type NameOf, specOf } from './catalogue.ts';

/** One series, as it is kept, handed over and shown. A histogram has its observations by bucket and how many they are. */
export interface Sample {
  readonly name: MetricName;
  /** Values of the labels, in the order of the catalogue. */
  readonly labels: readonly string[];
  /** A count, a gauge's value, or the sum of a histogram's observations. */
  value: number;
  readonly buckets?: number[];
  count?: number;
}

/** Series of all metrics together; the bounds of the labels keep far below it. */
export const seriesMax = 5_000;
const labelCharactersMax = 64;
const labelPattern = /^[\x20-\x7e]+$/;
/** Base58 of an account's address, or of anything longer. No name of ours has so many letters and digits in a row. */
const addressPattern = /[1-9A-HJ-NP-Za-km-z]{30,}/;
const other = 'other';
const separator = '\n';

type Sized = { readonly size: number };

/**
 * Counts in memory: synchronous, never fails, never waits. What it holds is bounded by the labels of the catalogue, and leaves with `take`.
 * One for all that runs in an isolate.
 */
export class MetricRegistry {
  #series = new Map<string, Sample>();
  /** Per metric, texts of given labels and the series they count in: what is counted often is not checked twice. */
  readonly #known = new Map<MetricName, Map<string, readonly string[]>>();
  /** Per metric and label with a bound, the values given out. They stay when counts leave. */
  readonly #values = new Map<string, Set<string>>();

  /** Adds to a counter. */
  count<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    this.#at(name, labels).value += by;
  }

  /** Adds an observation to a histogram. */
  observe<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, value: number): void {
    const sample = this.#at(name, labels);
    const bounds = specOf(name).buckets ?? [];
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    sample.value += value;
    sample.count = (sample.count ?? 0) + 1;
    if (sample.buckets !== undefined) sample.buckets[bucket] = (sample.buckets[bucket] ?? 0) + 1;
  }

  /** Takes what was counted since the last time, at most so many series; the others wait. */
  take(max = seriesMax): Sample[] {
    if (this.#series.size <= max) {
      const all = [...this.#series.values()];
      this.#series = new Map();
      return all;
    }
    const taken = [...this.#series].slice(0, max);
    for (const [key] of taken) this.#series.delete(key);
    return taken.map(([, sample]) => sample);
  }

  get size(): number {
    return this.#series.size;
  }

  #at(name: MetricName, given: Readonly<Record<string, string>>): Sample {
    const labels = this.#labels(name, given);
    const key = name + separator + labels.join(separator);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const sample = newSample(name, labels);
    this.#series.set(key, sample);
    return sample;
  }

  #labels(name: MetricName, given: Readonly<Record<string, string>>): readonly string[] {
    const known = this.#known.get(name) ?? new Map<string, readonly string[]>();
    this.#known.set(name, known);
    const specs = specOf(name).labels;
    let text = '';
    for (const label in specs) text += `${given[label] ?? other}${separator}`;
    const before = known.get(text);
    if (before !== undefined) return before;
    const labels = Object.entries(specs).map(([label, spec]) => {
      const value = boundedText(given[label] ?? other);
      if (!('valuesMax' in spec)) return spec.includes(value) ? value : other;
      return this.#bounded(`${name} ${label}`, value, spec.valuesMax);
    });
    if (hasRoom(known, seriesMax)) known.set(text, labels);
    return labels;
  }

  #bounded(place: string, value: string, max: number): string {
    const values = this.#values.get(place) ?? new Set();
    this.#values.set(place, values);
    if (!values.has(value) && !hasRoom(values, max)) return other;
    values.add(value);
    return value;
  }
}

const hasRoom = ({ size }: Sized, max: number): boolean => size < max;

/** Text that may be a label: short, printable, and no address. */
const boundedText = (text: string): string =>
  text.length > labelCharactersMax || !labelPattern.test(text) || addressPattern.test(text) ? other : text;

/** A series that has counted nothing. */
export function newSample(name: MetricName, labels: readonly string[]): Sample {
  const { type, buckets } = specOf(name);
  if (type !== 'histogram') return { name, labels, value: 0 };
  return { name, labels, value: 0, count: 0, buckets: Array<number>((buckets?.length ?? 0) + 1).fill(0) };
}

/** A gauge as it was read. */
export function gauge<Name extends NameOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, value: number): Sample {
  const given: Readonly<Record<string, string>> = labels;
  return { name, labels: Object.keys(METRICS[name].labels).map((label) => given[label] ?? other), value };
}

/** Adds counts of the same series. */
export function addTo(total: Sample, more: Sample): void {
  total.value += more.value;
  if (total.buckets === undefined) return;
  total.count = (total.count ?? 0) + (more.count ?? 0);
  for (let bucket = 0; bucket < total.buckets.length; bucket++)
    total.buckets[bucket] = (total.buckets[bucket] ?? 0) + (more.buckets?.[bucket] ?? 0);
}

export const keyOf = ({ name, labels }: Sample): string => [name, ...labels].join(separator);

/** Of this isolate: the worker's own, and of the objects that live in it. */
export const metrics = new MetricRegistry();
