import * as z from 'zod';
import {
  adminActionSchema,
  adminActionsQuerySchema,
  riskEventSchema,
  riskEventsQuerySchema,
} from '#shared/protocol/admin.ts';
import { defineOperation } from '../operation.ts';
import { sendCursor } from '../paging.ts';
import { presentAdminAction, presentRiskEvent } from '../present-admin.ts';

export const adminRiskEvents = defineOperation({
  method: 'GET',
  path: '/api/admin/risk-events',
  tag: 'Administration',
  summary: 'What the risk engine reports to operators, newest first: brakes, stuck feeds, lags, rates of liquidation',
  auth: 'admin',
  rate: 'data',
  query: riskEventsQuerySchema,
  status: 200,
  answer: z.array(riskEventSchema),
  paged: true,
  refusals: ['MARKET_001', 'SYSTEM_002'],
  handle: async ({ query: { limit, cursor, symbol, resolved }, services, context }) => {
    const page = await services.repositories.riskEvents.list({ limit, cursor, symbol, isResolved: resolved });
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentRiskEvent);
  },
});

export const adminActions = defineOperation({
  method: 'GET',
  path: '/api/admin/actions',
  tag: 'Administration',
  summary: 'What operators did, newest first, each with its request',
  auth: 'admin',
  rate: 'data',
  query: adminActionsQuerySchema,
  status: 200,
  answer: z.array(adminActionSchema),
  paged: true,
  refusals: ['SYSTEM_002', 'VALIDATION_004'],
  handle: async ({ query: { limit, cursor, admin_wallet, target }, services, context }) => {
    const filter = { limit, cursor, adminWallet: admin_wallet, target };
    const page = await services.repositories.adminActions.list(filter);
    sendCursor(context, page.nextCursor);
    return page.rows.map(presentAdminAction);
  },
});
