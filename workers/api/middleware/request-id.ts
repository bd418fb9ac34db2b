import { createMiddleware } from 'hono/factory';
import { newId } from '../../platform/ids.ts';
import type { ApiEnv } from '../context.ts';
import { refused } from '../errors.ts';

/** What callers may send as `X-Request-Id`; anything else could forge log lines. */
const requestIdPattern = /^[\w-]{8,64}$/;

/** Gives each request an id, the caller's own if it is well formed, and sends it back. */
export const requestId = () =>
  createMiddleware<ApiEnv>(async function requestId(context, next) {
    const given = context.req.header('x-request-id');
    const id = given !== undefined && requestIdPattern.test(given) ? given : newId();
    context.set('requestId', id);
    await next();
    if (context.res.status !== 101) context.header('X-Request-Id', id);
  });

/** Refuses an id that is not well formed: behind the middleware whose headers this answer carries like every other. */
export const requestIdCheck = () =>
  createMiddleware<ApiEnv>(async function requestIdCheck(context, next) {
    const given = context.req.header('x-request-id');
    if (given !== undefined && !requestIdPattern.test(given)) {
      throw refused('VALIDATION_007', 'X-Request-Id takes 8 to 64 letters, digits, dashes or underscores.');
    }
    await next();
  });
