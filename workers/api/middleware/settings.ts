import { createMiddleware } from 'hono/factory';
import type { ReadyDto } from '#shared/protocol/health.ts';
import { readSettings, SettingsError } from '../../env.ts';
import type { ApiEnv } from '../context.ts';

/**
 * Lets nothing pass while a variable or secret is missing or wrong: every request is refused, and `/ready` says which, never its value. Before
 * everything that reads settings.
 */
export const checkedSettings = () =>
  createMiddleware<ApiEnv>(async function checkedSettings(context, next) {
    try {
      readSettings(context.env);
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      if (context.req.path !== '/ready' || context.req.method !== 'GET') throw error;
      context.get('logger').error('bad settings', { error, problems: error.problems });
      return context.json(unreadyBy(error), 503);
    }
    return next();
  });

/** Readiness of a worker that did not start: nothing else can be asked. */
function unreadyBy({ problems }: SettingsError): ReadyDto {
  const message = 'not asked: the settings are incomplete or wrong';
  const part = { ok: false, latency_ms: null, breaker: 'closed', message } as const;
  return {
    ready: false,
    version: 'unknown',
    settings: { ok: false, problems: problems.map(({ name, message: what }) => ({ name, message: what })) },
    database: part,
    chain: part,
    markets: [],
    indexer: { ok: false, lag_slots: null, holes: [], database_backlog: null, message },
    models: [],
  };
}
