import { createMiddleware } from 'hono/factory';
import { handOverBeside } from '../../observability/sinks.ts';
import { metrics } from '../../platform/metrics/registry.ts';
import type { ApiContext, ApiEnv } from '../context.ts';

/** Counts each request once it is answered, by its operation; paths that are none count together. */
export const requestMetrics = () =>
  createMiddleware<ApiEnv>(async function requestMetrics(context, next) {
    const startedAtMs = Date.now();
    await next();
    const { operation = 'none', rate = 'none' } = context.get('counted') ?? {};
    const status = `${Math.floor(context.res.status / 100)}xx`;
    const code = context.get('refusalCode');
    metrics.count('quantdesk_http_requests_total', { operation, status });
    metrics.observe('quantdesk_http_request_seconds', { rate }, (Date.now() - startedAtMs) / 1_000);
    if (code !== undefined) metrics.count('quantdesk_refusals_total', { code });
    const execution = executionOf(context);
    if (execution !== null) handOverBeside(context.env, execution);
  });

/** Requests that are made without the platform (tests of the router alone) have none. */
function executionOf(context: ApiContext): Pick<ExecutionContext, 'waitUntil'> | null {
  try {
    return context.executionCtx;
  } catch {
    return null;
  }
}
