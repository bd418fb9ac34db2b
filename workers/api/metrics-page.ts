import type { Hono } from 'hono';
import { readGauges } from '../observability/gauges.ts';
import { mayBeScraped, sinksOf } from '../observability/sinks.ts';
import { handOver } from '../platform/metrics/hand-over.ts';
import { prometheusMediaType, prometheusText } from '../platform/metrics/prometheus.ts';
import { withTimeout } from '../platform/retry.ts';
import type { ApiContext, ApiEnv } from './context.ts';
import { refused } from './errors.ts';
import { limitRate } from './middleware/rate-limit.ts';

/** The totals get this long to answer. */
const totalsTimeoutMs = 3_000;

/** Puts `/metrics` on the router: what everybody counted and how the parts are now, in Prometheus' text format. */
export function registerMetrics(app: Hono<ApiEnv>): void {
  app.get('/metrics', answerMetrics);
}

async function answerMetrics(context: ApiContext): Promise<Response> {
  await limitRate(context, 'data', null);
  const { settings, chain, database, market, indexer } = context.get('services');
  if (!mayBeScraped(settings)) {
    throw refused('SYSTEM_003', 'There is no /metrics here: it takes a METRICS_TOKEN in the configuration.');
  }
  if (settings.METRICS_TOKEN !== undefined) await requireToken(context, settings.METRICS_TOKEN);
  const sinks = () => sinksOf(context.env);
  await handOver.run(sinks, Date.now());
  const breakers = { solana: chain.rpc.health, database: database.health };
  const [totals, gauges] = await Promise.all([
    withTimeout(() => context.env.METRIC_TOTALS.getByName('main').read(), totalsTimeoutMs),
    readGauges({ market, indexer, breakers }),
  ]);
  context.header('Content-Type', prometheusMediaType);
  return context.body(prometheusText([...totals, ...gauges]));
}

/** Compares digests, so that how long it takes tells nothing of the token. @throws RefusedError AUTH_001 */
async function requireToken(context: ApiContext, expected: string): Promise<void> {
  const given = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1] ?? '';
  const [a, b] = await Promise.all([digestOf(given), digestOf(expected)]);
  if (crypto.subtle.timingSafeEqual(a, b)) return;
  throw refused('AUTH_001', 'This needs the token of the metrics: send Authorization: Bearer <METRICS_TOKEN>.');
}

const digestOf = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
