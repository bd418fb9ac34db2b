import { createMiddleware } from 'hono/factory';
import { newId } from '../../platform/ids.ts';
import type { ApiEnv } from '../context.ts';
import { errorResponse, refused } from '../errors.ts';

/** What callers may send as `X-Request-Id`; anything else could forge log lines. */
const requestIdPattern = /^[\w-]{8,64}$/;

/** Gives each request an id, the caller's own if it is well formed, and sends it back. */
export const requestId = () =>
  createMiddleware<ApiEnv>(async function requestId(context, next) {
    const given = context.req.header('x-request-id');
    const isValid = given === undefined || requestIdPattern.test(given);
    const id = given !== undefined && isValid ? given : newId();
    context.set('requestId', id);
    if (isValid) {
      await next();
    } else {
      const message = 'X-Request-Id takes 8 to 64 letters, digits, dashes or underscores.';
      context.res = errorResponse(refused('VALIDATION_007', message).refusal, id, Date.now());
    }
    if (context.res.status !== 101) context.header('X-Request-Id', id);
  });
