import { delegateSchema } from '#shared/protocol/portfolio.ts';
import { defineOperation } from '../operation.ts';
import { presentDelegate } from '../present-portfolio.ts';

export const portfolioDelegate = defineOperation({
  method: 'GET',
  path: '/api/portfolio/delegate',
  tag: 'Portfolio',
  summary: 'What the exchange may do with your account without your signature',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: delegateSchema,
  refusals: ['CHAIN_001'],
  handle: async ({ session, services }) => {
    const { account } = await services.chain.readTrader(session.wallet);
    return presentDelegate(account?.delegate ?? null, services.clock.nowMs());
  },
});
