import { createMiddleware } from 'hono/factory';
import { readSettings } from '../../env.ts';
import type { ApiEnv } from '../context.ts';

/** On real networks plain HTTP is sent to HTTPS; 308 keeps method and body. The local network has no certificate. */
export const httpsRedirect = () =>
  createMiddleware<ApiEnv>(async function httpsRedirect(context, next) {
    const url = new URL(context.req.url);
    if (url.protocol !== 'http:' || readSettings(context.env).NETWORK === 'local') return next();
    url.protocol = 'https:';
    return context.redirect(url.toString(), 308);
  });
