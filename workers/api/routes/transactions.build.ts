import { buildTransactionRequestSchema, builtTransactionSchema } from '#shared/protocol/transactions.ts';
import { unwrap } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const transactionsBuild = defineOperation({
  method: 'POST',
  path: '/api/trading/transactions',
  tag: 'Trading',
  summary: 'Build a transaction for your wallet to sign, with what it allows in words',
  auth: 'bearer',
  rate: 'trading',
  body: buildTransactionRequestSchema,
  status: 200,
  answer: builtTransactionSchema,
  refusals: [
    'CHAIN_001',
    'MARKET_001',
    'ORACLE_003',
    'TRADING_005',
    'TRADING_006',
    'TRADING_014',
    'TRADING_023',
    'VALIDATION_005',
  ],
  handle: async ({ body, session, services }) => unwrap(await services.account(session.wallet).buildTransaction(body)),
});
