import { createMiddleware } from 'hono/factory';
import { createLogger, type Logger } from '../../platform/logger.ts';
import type { ApiEnv } from '../context.ts';

/** One line per request: method, path without its query (which may carry secrets of careless callers), status, time, the request's id. */
export const requestLog = (base: Logger = createLogger({ fields: { part: 'api' } })) =>
  createMiddleware<ApiEnv>(async function requestLog(context, next) {
    const startedAtMs = Date.now();
    const logger = base.child({ request_id: context.get('requestId') });
    context.set('logger', logger);
    await next();
    logger.info('request', {
      method: context.req.method,
      path: context.req.path,
      status: context.res.status,
      code: context.get('refusalCode'),
      duration_ms: Date.now() - startedAtMs,
    });
  });
