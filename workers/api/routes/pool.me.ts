import { PublicKey } from '@solana/web3.js';
import { poolHolderSchema } from '#shared/protocol/portfolio.ts';
import { readPoolHolder } from '../../chain/pool-accounts.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';
import { presentPoolHolder } from '../present-pool.ts';

export const poolMe = defineOperation({
  method: 'GET',
  path: '/api/pool/me',
  tag: 'Pool',
  summary: 'Your shares of the pool, what they stand for, and your request on its way',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: poolHolderSchema,
  refusals: ['CHAIN_001', 'SYSTEM_006'],
  handle: async ({ session, services }) => {
    const [holder, pool, snapshots] = await Promise.all([
      readPoolHolder(services.chain, new PublicKey(session.wallet)),
      services.pool.read(),
      services.markets.all(),
    ]);
    if (pool === null) throw refused('SYSTEM_006', 'The exchange is not initialised on this network yet.');
    return presentPoolHolder(holder, pool, snapshots);
  },
});
