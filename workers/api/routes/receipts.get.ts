import * as z from 'zod';
import { signatureSchema } from '#shared/protocol/common.ts';
import { receiptSchema } from '#shared/protocol/fills.ts';
import { presentReceipt } from '../present-history.ts';
import { refused } from '../errors.ts';
import { defineOperation } from '../operation.ts';

export const receiptsGet = defineOperation({
  method: 'GET',
  path: '/api/trading/receipts/{signature}',
  tag: 'Trading',
  summary: 'What the program did to your positions in a transaction, and on which price',
  auth: 'bearer',
  rate: 'data',
  params: z.object({ signature: signatureSchema }),
  status: 200,
  answer: receiptSchema,
  refusals: ['TRADING_001', 'SYSTEM_002'],
  handle: async ({ params, session, services }) => {
    const receipts = await services.repositories.receipts.find(session.userId, params.signature);
    const [first] = receipts;
    if (first === undefined) {
      throw refused('TRADING_001', 'No trade or liquidation of yours has this signature, or it is not final yet.');
    }
    return presentReceipt(params.signature, first.slot, receipts);
  },
});
