import { submitTransactionRequestSchema, submittedTransactionSchema } from '#shared/protocol/transactions.ts';
import { addressBlock } from '../../platform/client-address.ts';
import { unwrap } from '../errors.ts';
import { clientAddress } from '../middleware/rate-limit.ts';
import { defineOperation } from '../operation.ts';

export const transactionsSubmit = defineOperation({
  method: 'POST',
  path: '/api/trading/transactions/submit',
  tag: 'Trading',
  summary: 'Submit a signed transaction built here; the exchange co-signs last. Sent twice it lands once',
  auth: 'bearer',
  rate: 'trading',
  // The signature names the transaction: a repeated one is found on chain, whatever key comes with it.
  idempotent: true,
  body: submitTransactionRequestSchema,
  status: 200,
  answer: submittedTransactionSchema,
  refusals: [
    'AUTH_007',
    'CHAIN_001',
    'CHAIN_002',
    'CHAIN_004',
    'ORACLE_001',
    'RATE_003',
    'TRADING_002',
    'TRADING_004',
    'TRADING_016',
    'TRADING_019',
    'TRADING_020',
    'TRADING_021',
  ],
  handle: async ({ body, session, services, context }) =>
    unwrap(
      await services.account(session.wallet).submitTransaction(body.transaction, addressBlock(clientAddress(context))),
    ),
});
