import { type MetricRegistry, metrics, type Sample } from './registry.ts';

/** Where the totals of everything counted are kept for `/metrics`. */
export interface MetricTotalsRpc {
  /** Adds counts. */
  add(samples: readonly Sample[]): Promise<void>;
  /** The totals. What is answered is stored first, so that no later answer is behind it. */
  read(): Promise<readonly Sample[]>;
}

/** One row of the Analytics Engine. */
export interface MetricPoint {
  readonly indexes: [string];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** What is asked of the platform's binding: it writes beside what runs, and answers nothing. */
export interface MetricDataset {
  writeDataPoint(point: MetricPoint): void;
}

export interface MetricSinks {
  /** Cloudflare's Analytics Engine, where it is bound; written without waiting. */
  readonly dataset: MetricDataset | undefined;
  /** Null where nobody may ask for the totals. */
  readonly totals: Pick<MetricTotalsRpc, 'add'> | null;
}

/** An isolate hands over at most this often. */
const handOverPauseMs = 10_000;
/** Below the 250 data points that one invocation may write. */
export const seriesPerHandOverMax = 200;

/** Hands over what an isolate counted, beside what it does. */
export class HandOver {
  readonly #registry: MetricRegistry;
  #doneAtMs: number;
  #dueAtMs = 0;

  constructor(registry: MetricRegistry, nowMs: number) {
    this.#registry = registry;
    this.#doneAtMs = nowMs;
  }

  /** What is due now: to be kept alive (`waitUntil`), never to be waited for. Null where nothing is. The promise never fails. */
  due(sinksOf: () => MetricSinks, nowMs: number): Promise<void> | null {
    if (nowMs - this.#doneAtMs < handOverPauseMs || this.#registry.size === 0) return null;
    return this.run(sinksOf, nowMs);
  }

  /**
   * For objects, which may hear nothing more after what they counted: hands over a moment later. In their memory alone: an object that is
   * evicted before it takes so much with it.
   */
  later(sinksOf: () => MetricSinks, nowMs: number): void {
    if (this.#registry.size === 0 || nowMs - this.#dueAtMs < 2 * handOverPauseMs) return;
    this.#dueAtMs = nowMs;
    setTimeout(() => {
      this.#dueAtMs = 0;
      void this.run(sinksOf, Date.now());
    }, handOverPauseMs / 2);
  }

  /** At once. Never fails: what could not be handed over is lost, and counted. */
  async run(sinksOf: () => MetricSinks, nowMs: number): Promise<void> {
    this.#doneAtMs = nowMs;
    const samples = this.#registry.take(seriesPerHandOverMax);
    if (samples.length === 0) return;
    try {
      const { dataset, totals } = sinksOf();
      if (dataset !== undefined) for (const sample of samples) dataset.writeDataPoint(dataPointOf(sample));
      await totals?.add(samples);
    } catch {
      this.#registry.count('quantdesk_metrics_lost_total', {}, samples.length);
    }
  }
}

/**
 * A series in the Analytics Engine: index the metric's name, blobs the name and the values of its labels, doubles the value and, of a
 * histogram, the count and the observations of each bucket.
 */
export const dataPointOf = ({ name, labels, value, count, buckets }: Sample): MetricPoint => ({
  indexes: [name],
  blobs: [name, ...labels],
  doubles: [value, ...(count === undefined ? [] : [count]), ...(buckets ?? [])],
});

/** Of this isolate. Its first hand-over comes with the first event after the pause. */
export const handOver = new HandOver(metrics, 0);
