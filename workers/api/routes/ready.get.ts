import { readySchema } from '#shared/protocol/health.ts';
import { defineOperation } from '../operation.ts';
import { checkReadiness } from '../readiness.ts';

export const readyGet = defineOperation({
  method: 'GET',
  path: '/ready',
  tag: 'System',
  summary: 'Readiness: database, chain, price age per market, indexer; `ready` is false when one of them is not well',
  auth: 'none',
  rate: 'data',
  status: 200,
  answer: readySchema,
  refusals: [],
  handle: async ({ services, context }) => {
    const readiness = await checkReadiness(services);
    // The body says what is wrong; the status serves load balancers.
    if (!readiness.ready) context.status(503);
    return readiness;
  },
});
