import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../context.ts';
import { servicesOf } from '../services.ts';

/** The composition root of a request: handlers reach everything through `context.get('services')`. */
export const provideServices = () =>
  createMiddleware<ApiEnv>(async function provideServices(context, next) {
    context.set('services', servicesOf(context.env));
    await next();
  });
