import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { readSettings } from '../../env.ts';
import type { ApiEnv } from '../context.ts';

/** How long a browser may keep the answer to its preflight. */
const preflightSecondsMax = 600;

/** Lets pages of the configured origins read answers, and no other page. */
export const crossOrigin = () =>
  createMiddleware<ApiEnv>(async function crossOrigin(context, next) {
    const { ALLOWED_ORIGINS: origins } = readSettings(context.env);
    const handler = cors({
      origin: (origin) => (origins.includes(origin) ? origin : null),
      allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', 'X-Step-Up'],
      exposeHeaders: ['X-Request-Id', 'X-Next-Cursor', 'RateLimit', 'RateLimit-Policy', 'Retry-After'],
      maxAge: preflightSecondsMax,
    });
    return handler(context, next);
  });
