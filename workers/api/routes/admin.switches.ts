import * as z from 'zod';
import { marketParamsSchema, marketSwitchSchema, setSwitchRequestSchema } from '#shared/protocol/admin.ts';
import { recordDeed } from '../admin-log.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { presentSwitches } from '../present-admin.ts';

export const switchesGet = defineOperation({
  method: 'GET',
  path: '/api/admin/markets/{symbol}/switches',
  tag: 'Administration',
  summary: 'What is switched off in a market, since when, by whom and why',
  auth: 'admin',
  rate: 'data',
  params: marketParamsSchema,
  status: 200,
  answer: z.array(marketSwitchSchema),
  refusals: ['MARKET_001'],
  handle: async ({ params, services }) => presentSwitches(await services.market(params.symbol).switches()),
});

/**
 * Switched first, recorded afterwards: a market must be stopped even while the database is away. The market keeps author and reason itself;
 * the answer waits for the record, and repeating the request writes it.
 */
export const switchesSet = defineOperation({
  method: 'PUT',
  path: '/api/admin/markets/{symbol}/switches',
  tag: 'Administration',
  summary: 'Switch an operation of a market off, or on again',
  auth: 'admin',
  stepUp: true,
  rate: 'sign-in',
  params: marketParamsSchema,
  body: setSwitchRequestSchema,
  status: 200,
  answer: z.array(marketSwitchSchema),
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ params: { symbol }, body, session, services, context }) => {
    const switches = await services.market(symbol).setSwitch({ ...body, by: session.wallet });
    try {
      await recordDeed(services, context, session, { action: 'markets.switch', target: symbol, details: body });
    } catch (error) {
      context.get('logger').error('switch not recorded', { error, symbol, ...body });
      throw refused('SYSTEM_002', 'The switch is set as you asked, but the record of it is not written. Repeat this.', {
        retryAfterSeconds: 2,
      });
    }
    return presentSwitches(switches);
  },
});
