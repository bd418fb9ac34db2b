import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../context.ts';

/** Answers are data: nothing in them may run, be framed, sniffed into another type, or kept by shared caches. */
const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-site',
  'Cache-Control': 'no-store',
};

/** Sets the security headers on every answer but an upgrade, whose headers are the platform's. */
export const securityHeadersMiddleware = () =>
  createMiddleware<ApiEnv>(async function securityHeadersMiddleware(context, next) {
    await next();
    if (context.res.status === 101) return;
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!context.res.headers.has(name)) context.header(name, value);
    }
  });
