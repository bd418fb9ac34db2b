import { balanceSchema } from '#shared/protocol/portfolio.ts';
import { presentBalance } from '#shared/protocol/present/balance.ts';
import { viewAccount } from '../account-view.ts';
import { defineOperation } from '../operation.ts';

export const portfolioBalance = defineOperation({
  method: 'GET',
  path: '/api/portfolio/balance',
  tag: 'Portfolio',
  summary: 'Your balance: total, available, in margin, unrealised and realised',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: balanceSchema,
  refusals: ['CHAIN_001'],
  handle: async ({ session, services }) => {
    const { view, snapshotOf } = await viewAccount(services, session.wallet);
    return presentBalance(view, snapshotOf);
  },
});
