import { positionCostsListSchema } from '#shared/protocol/positions.ts';
import { defineOperation } from '../operation.ts';
import { presentPositionCosts } from '../present-history.ts';

export const positionsCosts = defineOperation({
  method: 'GET',
  path: '/api/trading/positions/costs',
  tag: 'Trading',
  summary: 'What your open positions paid since they were opened',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: positionCostsListSchema,
  refusals: ['SYSTEM_002'],
  handle: async ({ session, services }) => {
    const costs = await services.repositories.positions.costs(session.userId);
    return costs.map(presentPositionCosts);
  },
});
