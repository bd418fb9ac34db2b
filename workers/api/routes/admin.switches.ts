import * as z from 'zod';
import { marketParamsSchema, marketSwitchSchema, setSwitchRequestSchema } from '#shared/protocol/admin.ts';
import { recordUrgentDeed } from '../admin-log.ts';
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

/** Recorded first, also while the database is away: a market must be stopped then too. Repeating the request sets the same switch again. */
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
    await recordUrgentDeed(services, context, session, { action: 'markets.switch', target: symbol, details: body });
    return presentSwitches(await services.market(symbol).setSwitch({ ...body, by: session.wallet }));
  },
});
