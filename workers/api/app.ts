import { Hono } from 'hono';
import type { ErrorCode } from '#shared/protocol/error-codes.ts';
import { SettingsError } from '../env.ts';
import { createLogger } from '../platform/logger.ts';
import type { ApiContext, ApiEnv } from './context.ts';
import { registerDocs } from './docs/routes.ts';
import { errorResponse, refusalOf, refused } from './errors.ts';
import { bodySize } from './middleware/body-size.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { httpsRedirect } from './middleware/https-redirect.ts';
import { requestId, requestIdCheck } from './middleware/request-id.ts';
import { registerMetrics } from './metrics-page.ts';
import { requestLog } from './middleware/request-log.ts';
import { requestMetrics } from './middleware/request-metrics.ts';
import { securityHeadersMiddleware } from './middleware/security-headers.ts';
import { provideServices } from './middleware/services.ts';
import { checkedSettings } from './middleware/settings.ts';
import { registerOperations } from './operation.ts';
import { operations } from './routes/index.ts';
import { accountSocket } from './routes/account.socket.ts';
import { marketSocket } from './routes/market.socket.ts';

/** Builds the HTTP side: middleware in order, then every operation, the sockets and the description of it all. */
export function createApp(): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError(answerError);
  app.notFound(answerUnknown);
  app.use(
    requestId(),
    requestLog(),
    requestMetrics(),
    securityHeadersMiddleware(),
    checkedSettings(),
    crossOrigin(),
    httpsRedirect(),
    requestIdCheck(),
    bodySize(),
    provideServices(),
  );
  registerOperations(app, operations);
  app.get('/ws/market/:symbol', marketSocket);
  app.get('/ws/account', accountSocket);
  registerDocs(app, operations);
  registerMetrics(app);
  return app;
}

/** Answers whatever a handler threw. Only what is not a refusal is news for the log, with its message. */
function answerError(error: Error, context: ApiContext): Response {
  const refusal = refusalOf(error);
  context.set('refusalCode', refusal.code);
  const id = context.get('requestId');
  const logger = context.get('logger') ?? createLogger({ fields: { part: 'api', request_id: id } });
  if (refusal.code === 'SYSTEM_001') {
    logger.error(error instanceof SettingsError ? 'bad settings' : 'unexpected error', {
      error,
      cause: error.cause,
      path: context.req.path,
    });
  } else if (isOurs(refusal.code)) {
    logger.warn('request failed', { code: refusal.code, error, cause: error.cause, path: context.req.path });
  }
  return errorResponse(refusal, id, Date.now());
}

const isOurs = (code: ErrorCode): boolean => /^(SYSTEM|CHAIN|ORACLE)_/.test(code);

/** A path nobody serves, or a method that the path does not take. */
function answerUnknown(context: ApiContext): Response {
  const methods = methodsOf(context.req.path);
  const id = context.get('requestId');
  if (methods.length === 0) {
    const message = `There is no ${context.req.path}. Every operation is listed in /openapi.json.`;
    return errorResponse(refused('SYSTEM_003', message).refusal, id, Date.now());
  }
  const message = `${context.req.path} takes ${methods.join(', ')}, not ${context.req.method}.`;
  const response = errorResponse(refused('SYSTEM_005', message).refusal, id, Date.now());
  response.headers.set('Allow', methods.join(', '));
  return response;
}

function methodsOf(path: string): string[] {
  const served = operations.filter((operation) => patternOf(operation.path).test(path));
  return [...new Set(served.map((operation) => operation.method))];
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
