import { healthSchema } from '#shared/protocol/health.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import { defineOperation } from '../operation.ts';

export const healthGet = defineOperation({
  method: 'GET',
  path: '/health',
  tag: 'System',
  summary: 'Liveness: the worker answers',
  auth: 'none',
  rate: 'none',
  status: 200,
  answer: healthSchema,
  refusals: [],
  handle: async ({ services: { settings, clock } }) => ({
    status: 'ok' as const,
    version: settings.VERSION,
    network: settings.NETWORK,
    time: timestampOf(clock.nowMs()),
  }),
});
