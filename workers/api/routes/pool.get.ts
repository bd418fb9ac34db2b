import { poolSchema } from '#shared/protocol/portfolio.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { presentPool } from '../present-pool.ts';

export const poolGet = defineOperation({
  method: 'GET',
  path: '/api/pool',
  tag: 'Pool',
  summary: 'The liquidity pool: share price, utilisation, exposure per market',
  auth: 'none',
  rate: 'data',
  status: 200,
  answer: poolSchema,
  refusals: ['CHAIN_001', 'SYSTEM_006'],
  handle: async ({ services }) => {
    const [pool, snapshots] = await Promise.all([services.pool.read(), services.markets.all()]);
    if (pool === null) throw refused('SYSTEM_006', 'The exchange is not initialised on this network yet.');
    return presentPool(pool, snapshots);
  },
});
