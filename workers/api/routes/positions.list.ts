import { positionListSchema } from '#shared/protocol/positions.ts';
import { presentPositions } from '#shared/protocol/present/position.ts';
import { viewAccount } from '../account-view.ts';
import { defineOperation } from '../operation.ts';

export const positionsList = defineOperation({
  method: 'GET',
  path: '/api/trading/positions',
  tag: 'Trading',
  summary: 'Your open positions at live prices',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: positionListSchema,
  refusals: ['CHAIN_001'],
  handle: async ({ session, services }) => {
    const { view, snapshotOf } = await viewAccount(services, session.wallet);
    return presentPositions(view, snapshotOf, services.clock.nowMs());
  },
});
