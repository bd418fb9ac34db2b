import { DurableObject } from 'cloudflare:workers';
import { migrate } from '../sql.ts';
import type { MetricTotalsRpc } from './hand-over.ts';
import type { Sample } from './registry.ts';
import { METRIC_TOTALS_MIGRATIONS, MetricTotals } from './totals.ts';

/** What every isolate counted, for `/metrics`. One instance, named `main`; nothing else of the exchange asks it or waits for it. */
export class MetricTotalsObject extends DurableObject implements MetricTotalsRpc {
  readonly #totals: MetricTotals;

  constructor(context: DurableObjectState, env: unknown) {
    super(context, env as never);
    migrate(context.storage, METRIC_TOTALS_MIGRATIONS);
    this.#totals = new MetricTotals(context.storage.sql);
  }

  async add(samples: readonly Sample[]): Promise<void> {
    this.#totals.add(samples);
  }

  async read(): Promise<readonly Sample[]> {
    return this.#totals.read();
  }
}
