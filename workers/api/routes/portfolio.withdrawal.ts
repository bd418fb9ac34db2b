import { PublicKey } from '@solana/web3.js';
import { quote } from '#shared/money/units.ts';
import { waitingWithdrawalSchema } from '#shared/protocol/portfolio.ts';
import { readWithdrawal } from '../../chain/pool-accounts.ts';
import { defineOperation } from '../operation.ts';

export const portfolioWithdrawal = defineOperation({
  method: 'GET',
  path: '/api/portfolio/withdrawal',
  tag: 'Portfolio',
  summary: 'Your withdrawal that waits for its turn, if any',
  auth: 'bearer',
  rate: 'data',
  status: 200,
  answer: waitingWithdrawalSchema,
  refusals: ['CHAIN_001'],
  handle: async ({ session, services }) => {
    const waiting = await readWithdrawal(services.chain, new PublicKey(session.wallet));
    // A cancelled entry only keeps its place until its turn.
    return waiting === null || waiting.amount === 0n
      ? { amount: null, ticket: null }
      : { amount: quote(waiting.amount), ticket: Number(waiting.ticket) };
  },
});
