import { type Env, readSettings, type Settings } from '../env.ts';
import { handOver, type MetricSinks } from '../platform/metrics/hand-over.ts';

/** Whether anybody may ask for the totals: with the configured token, or on a local network, where they are open. */
export const mayBeScraped = ({ METRICS_TOKEN, NETWORK }: Pick<Settings, 'METRICS_TOKEN' | 'NETWORK'>): boolean =>
  METRICS_TOKEN !== undefined || NETWORK === 'local';

/** Where this worker's counts go: the Analytics Engine where it is bound, the totals where they may be read. @throws SettingsError */
export const sinksOf = (env: Env): MetricSinks => ({
  dataset: env.METRICS,
  totals: mayBeScraped(readSettings(env)) ? env.METRIC_TOTALS.getByName('main') : null,
});

/** For handlers of the worker, which end: hands over what is due beside the answer. */
export function handOverBeside(env: Env, context: Pick<ExecutionContext, 'waitUntil'>): void {
  const due = handOver.due(() => sinksOf(env), Date.now());
  if (due !== null) context.waitUntil(due);
}

/** For objects that wake up by themselves: hands over what is due. */
export function handOverDue(env: Env): void {
  void handOver.due(() => sinksOf(env), Date.now());
}

/** For objects that may hear nothing more for long: hands over a moment later. */
export function handOverLater(env: Env): void {
  handOver.later(() => sinksOf(env), Date.now());
}
